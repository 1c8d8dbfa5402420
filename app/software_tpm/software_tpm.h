#pragma once

#include "core/base/result.h"
#include "core/system/child_process.h"

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace enroll::app::software_tpm {

/// Where a software TPM keeps its state, and which authority certifies it.
struct SoftwareTpmOptions {
    std::filesystem::path directory;           ///< of this TPM alone; made if absent; a state found there is used again
    std::filesystem::path authorityDirectory;  ///< of the certificate authority; made if absent; may serve many TPMs
    std::chrono::milliseconds timeout{30'000}; ///< for swtpm_setup, and again for the start of swtpm
};

/// One running swtpm on loopback, manufactured with endorsement keys and their certificates like a bought TPM: an
/// RSA-2048 key at 0x81010001 (certificate in 0x01C00002) and a P-384 key at 0x81010016 (0x01C00016).
///
/// Each directory is one device: a start in the same directory is the same device switched on again. Nothing outside
/// the two directories is written. The process ends with this object, and also when the thread that called start() ends
/// (see ChildProcess): call it on a thread that lives as long as the TPM is needed.
class SoftwareTpm {
public:
    /// Manufactures the TPM if \p options.directory holds none, starts it on free ports of loopback and returns when
    /// it answers. Errors S-321 (swtpm does not start or answer), S-333 (swtpm is not installed), S-399 (manufacture
    /// failed: `what` quotes the last line that the tool wrote).
    static Result<SoftwareTpm> start(const SoftwareTpmOptions& options);

    /// "tcp://127.0.0.1:PORT"
    [[nodiscard]] std::string address() const;
    /// For tpm2-tools: "swtpm:host=127.0.0.1,port=PORT". The TPM serves one client at a time: close other connections.
    [[nodiscard]] std::string tctiConf() const;
    [[nodiscard]] std::uint16_t port() const noexcept { return m_port; }
    [[nodiscard]] const std::filesystem::path& stateDirectory() const noexcept { return m_directory; }
    /// Root and issuer certificate, PEM: import both and the EK certificates verify.
    [[nodiscard]] std::vector<std::filesystem::path> caCertificates() const;

    /// Ends swtpm without a shutdown command, as pulling the plug does. A second call does nothing.
    void stop() noexcept { m_process.kill(); }

private:
    SoftwareTpm(system::ChildProcess process, std::uint16_t port, const SoftwareTpmOptions& options);

    system::ChildProcess m_process;
    std::uint16_t m_port;
    std::filesystem::path m_directory;
    std::filesystem::path m_authorityDirectory;
};

} // namespace enroll::app::software_tpm
