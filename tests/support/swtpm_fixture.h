#pragma once

#include "app/software_tpm/software_tpm.h"
#include "core/crypto/trust_store.h"

#include <memory>
#include <string>
#include <vector>

namespace enroll::test {

/// What a tpm2-tools program said.
struct ToolOutput {
    int exitCode = -1;
    std::string standardOutput;
    std::string standardError;
};

/// A software TPM of its own for a test: freshly manufactured, certified by an authority that is made once per test
/// process, gone with the fixture. Failing to start ends the test program with the reason.
class SwtpmFixture {
public:
    SwtpmFixture() : SwtpmFixture("authority") {}
    /// Certified by another authority for each \p authority.
    explicit SwtpmFixture(const std::string& authority);

    [[nodiscard]] std::string address() const { return m_tpm->address(); }
    [[nodiscard]] std::uint16_t port() const { return m_tpm->port(); }
    [[nodiscard]] std::string tctiConf() const { return m_tpm->tctiConf(); }
    /// Root and issuer certificate, PEM.
    [[nodiscard]] std::vector<std::filesystem::path> caCertificates() const { return m_tpm->caCertificates(); }
    /// The same two, as a station trusts them.
    [[nodiscard]] crypto::TrustStore anchors() const;
    /// A directory for this test's files.
    [[nodiscard]] const std::filesystem::path& directory() const { return m_options.directory; }

    /// Runs `tpm2_getcap` and its sisters against this TPM, in directory(). The TPM serves one client at a time, so
    /// connections of the test must be closed.
    [[nodiscard]] ToolOutput tool(const std::vector<std::string>& command) const;

    /// What is loaded: the lines of handles-transient, handles-loaded-session and handles-saved-session. Empty:
    /// nothing.
    [[nodiscard]] std::string loadedHandles() const;
    /// The lines of handles-persistent.
    [[nodiscard]] std::string persistentHandles() const;
    /// Makes a persistent handle empty, as a device comes that was never set up.
    void evict(const std::string& handle) const;

    /// Off and on again: the same TPM on another port.
    void restart();
    void stop() noexcept { m_tpm->stop(); }

private:
    app::software_tpm::SoftwareTpmOptions m_options;
    std::unique_ptr<app::software_tpm::SoftwareTpm> m_tpm;
};

} // namespace enroll::test
