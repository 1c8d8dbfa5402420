#pragma once

#include "core/attestation/attest_device.h"
#include "core/tpm/loaded_handles.h"
#include "tests/support/swtpm_fixture.h"
#include "tests/support/twisted_line.h"

#include <optional>

namespace enroll::test {

/// Software TPMs are welcome, nothing is made persistent; all else as a profile that is silent has it.
attestation::AttestationPolicy softwarePolicy();
/// A test attestation with short deadlines.
attestation::AttestationReport attestAt(const std::string& address, const crypto::TrustStore& anchors,
                                        const attestation::AttestationPolicy& policy,
                                        attestation::FurtherCheck furtherCheck = {});

/// A software TPM, a station that judges it, and what a run on a dishonest line must keep to however it ends.
class AttackBench {
public:
    enum class Device {
        Warm, ///< both keys are persistent; the station looks at how the device ships, as the production profile has it
        Cold, ///< the storage root key is made in each run
        Keeping, ///< neither key is persistent when a run begins, and a pass makes both so
    };
    explicit AttackBench(Device device);

    [[nodiscard]] std::string address() const { return m_tpm.address(); }
    /// The exchanges of a run on an honest line, its flushes included.
    [[nodiscard]] const std::vector<Exchange>& honest() const noexcept { return m_honest; }

    [[nodiscard]] attestation::AttestationReport attest(const std::string& address) const;

    /// What the run broke, in words; nothing if it kept to all of it:
    /// - it is a PASS with the TPM's own key, or no PASS;
    /// - after a PASS of a Keeping device both keys lie where they were to be kept, and no others;
    /// - no fault of the line is called one of the station;
    /// - nothing is left loaded in the TPM;
    /// - it ended within its deadline.
    /// Flushes what is left, so that the next run begins with an empty TPM.
    [[nodiscard]] std::optional<std::string> broken(const attestation::AttestationReport& report,
                                                    std::chrono::milliseconds took) const;

private:
    [[nodiscard]] bool bothKept() const;
    void evictKept() const;

    Device m_device;
    SwtpmFixture m_tpm;
    attestation::AttestationPolicy m_policy = softwarePolicy();
    crypto::TrustStore m_anchors = m_tpm.anchors();
    std::vector<Exchange> m_honest;
    Bytes m_key;            ///< the TPM2B_PUBLIC that a PASS must show
    Bytes m_storageRootKey; ///< likewise
};

/// What one run took and gave.
struct TimedRun {
    attestation::AttestationReport report;
    std::chrono::milliseconds took{0};
};
TimedRun timedRun(const AttackBench& bench, const std::string& address);

/// "FAIL D-103 TPM2_Load", "PASS".
std::string textOf(const attestation::AttestationReport& report);

/// Flushes whatever is loaded in the TPM at \p address, and says what that was.
tpm::LoadedHandles flushEverything(const std::string& address);

/// The public area (TPM2B_PUBLIC) of what lies at \p handle in the TPM at \p address; nothing if the handle is free.
std::optional<Bytes> areaAt(const std::string& address, std::uint32_t handle);
/// TPM2_EvictControl by the owner's empty password: keeps \p object at \p handle, or evicts it where it is that handle.
Bytes evictControl(std::uint32_t object, std::uint32_t handle);

/// Long enough for a software TPM on a busy machine; a lie that is silence costs so much.
inline constexpr std::chrono::milliseconds kAnswerDeadline{400};
inline constexpr std::chrono::milliseconds kKeyDeadline{4'000};
inline constexpr std::chrono::milliseconds kRunDeadline{10'000};

} // namespace enroll::test
