#pragma once

#include "core/system/child_process.h"

#include <cstdint>
#include <optional>
#include <string>

namespace enroll::test {

/// A swtpm that nobody made a device of, on a free port of loopback: no keys, no certificates, no TPM2_Startup. Gone
/// with the object. Failing to start ends the test program with the reason.
class BareSwtpm {
public:
    enum class Kind {
        NotStarted, ///< a TPM 2.0 whose firmware did not send TPM2_Startup
        Version12,  ///< a TPM 1.2
    };
    explicit BareSwtpm(Kind kind);
    BareSwtpm(const BareSwtpm&) = delete;
    BareSwtpm& operator=(const BareSwtpm&) = delete;
    ~BareSwtpm();

    [[nodiscard]] std::string address() const { return "tcp://127.0.0.1:" + std::to_string(m_port); }

private:
    std::filesystem::path m_directory;
    std::uint16_t m_port = 0;
    std::optional<system::ChildProcess> m_process;
};

} // namespace enroll::test
