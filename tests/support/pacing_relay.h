#pragma once

#include "tests/support/tpm_relay.h"

namespace enroll::test {

/// How long a command takes, from its last byte to that of its response.
struct PacingTable {
    std::map<std::uint32_t, std::chrono::milliseconds> byCommandCode;
    std::chrono::milliseconds others{9};
};

/// What a discrete TPM 2.0 on SPI takes: RSA-2048 primary 2200 ms, ActivateCredential and Import 175, Load 60, HMAC 25,
/// NV_Read 18, others 9.
PacingTable realChipTimes();

/// A relay through which a software TPM seems to be as slow as a real one.
class PacingRelay {
public:
    explicit PacingRelay(const std::string& tpmAddress, PacingTable table = realChipTimes());

    [[nodiscard]] std::string address() const { return m_relay.address(); }
    [[nodiscard]] const TpmRelay& counts() const noexcept { return m_relay; }

private:
    TpmRelay m_relay;
};

} // namespace enroll::test
