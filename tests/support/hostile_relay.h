#pragma once

#include "tests/support/tpm_relay.h"

namespace enroll::test {

/// What a TPM, or somebody on its line, may do to a response.
enum class Attack {
    Truncate,        ///< half of it, then the connection closes
    Stall,           ///< half of it, then nothing
    Silence,         ///< nothing at all
    OversizedHeader, ///< announces 1 MiB
    ExtraBytes,      ///< more bytes than announced
    Garbage,         ///< bytes without sense
    LongNonce,       ///< a session's nonce of 65 bytes, all sizes right
    WrongTag,        ///< one bit of the tag flipped
    HugeParameter,   ///< the first size field of the body says 65535
    LastProperty,    ///< the last of a list of properties has the highest number there is
    BitOfParameter,  ///< one bit of the last parameter flipped, the frame left sound
    TinyNvBuffer,    ///< properties say that one byte of NV can be read at once
    FailureWithBody, ///< a failure code over a successful body
    Disconnect,      ///< the connection closes instead
    Unplug,          ///< the connection closes instead, and nobody is at the address any more
    UnplugWithin,    ///< likewise, in the middle of the response
    Retry,           ///< TPM_RC_RETRY instead, the given number of times
    Lockout,         ///< TPM_RC_LOCKOUT instead
    TryAgain,        ///< the TPM library's own code for "no answer yet" instead
    RefusalOver,     ///< TPM_RC_INTEGRITY over whatever the TPM did
    FullOver,        ///< TPM_RC_OBJECT_MEMORY over it
    RetryOver,       ///< TPM_RC_RETRY over it: the station sends the command again
};

/// Which responses are attacked.
struct AttackPlan {
    Attack attack = Attack::Garbage;
    std::uint32_t commandCode = 0; ///< 0: whatever the command
    int after = 0;                 ///< so many of them go through first
    int times = 1;                 ///< so many are attacked, then all go through again
};

/// The response with \p change made to the value of \p property, if it is a list of properties that has it.
Bytes withProperty(Bytes response, std::uint32_t property, const std::function<std::uint32_t(std::uint32_t)>& change);

/// A relay that does to a TPM's responses what an honest one never would.
class HostileRelay {
public:
    HostileRelay(const std::string& tpmAddress, const AttackPlan& plan);

    [[nodiscard]] std::string address() const { return m_relay.address(); }
    [[nodiscard]] const TpmRelay& counts() const noexcept { return m_relay; }

private:
    TpmRelay m_relay;
};

} // namespace enroll::test
