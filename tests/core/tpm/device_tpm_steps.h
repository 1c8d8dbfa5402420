#pragma once

#include "core/attestation/activation_challenge.h"
#include "core/tpm/esys_device_tpm.h"

namespace enroll::test {

/// Short enough for a test, long enough for a software TPM on a busy machine.
inline tpm::CommandDeadlines testDeadlines()
{
    using std::chrono::milliseconds;
    return {.connect = milliseconds{2'000},
            .normal = milliseconds{3'000},
            .createKey = milliseconds{20'000},
            .busyRetries = milliseconds{1'000}};
}

inline std::unique_ptr<attestation::DeviceTpm> tpmAt(const std::string& address, std::stop_token stop = {},
                                                     const tpm::CommandDeadlines& deadlines = testDeadlines(),
                                                     const transport::AgentFiles& files = {})
{
    return tpm::makeEsysDeviceTpm(transport::parseDeviceAddress(address).value(), deadlines, std::move(stop), files);
}

/// What a whole attestation asks of a TPM, up to the answer, and the answer that is right.
struct Answer {
    Bytes given;
    Bytes expected;
};

/// Both keys are to outlive the run.
inline constexpr attestation::KeysToPersist kBothKeys{attestation::Persistence::PersistIfAbsent,
                                                      attestation::Persistence::PersistIfAbsent};

/// What to read, and what to leave behind.
struct Keys {
    attestation::EkChoice endorsementKey = {};
    attestation::KeysToPersist persist = {};
};

/// Reads both keys, makes a challenge for them, has it opened and \p message signed.
Result<Answer> attest(attestation::DeviceTpm& tpm, ByteView message, const Keys& keys = {});

} // namespace enroll::test
