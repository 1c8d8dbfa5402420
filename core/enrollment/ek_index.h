#pragma once

#include "core/enrollment/enrollment_record.h"

#include <optional>

namespace enroll::enrollment {

/// What the station has enrolled before, asked by endorsement key and by serial.
class EkIndex {
public:
    virtual ~EkIndex() = default;
    /// The record of the key in this TPM2B_PUBLIC, whatever public area it had then (attestation::keyFingerprint).
    /// Errors S-301, S-302, S-303, and those of keyFingerprint: S-332, D-113, S-340.
    virtual Result<std::optional<EnrollmentRecord>> findByEk(ByteView endorsementKey) = 0;
    /// The record of this serial number. Errors S-301, S-302, S-303.
    virtual Result<std::optional<EnrollmentRecord>> findBySerial(const SerialNumber& serial) = 0;
    /// How far a record that was found has come at each destination now. Errors S-301, S-302, S-303.
    virtual Result<RecordSummary> stateOf(const EnrollmentRecord& record) = 0;

protected:
    EkIndex() = default;
    EkIndex(const EkIndex&) = default;
    EkIndex& operator=(const EkIndex&) = default;
};

/// What a new pair of key and serial means beside the records there are.
struct DuplicateCheck {
    enum class Kind { New, Retest, EkElsewhere, SerialHasOtherEk };
    Kind kind = Kind::New;
    std::optional<EnrollmentRecord> existing; ///< the record that was met; absent for New
};

/// Pure decision: same EK under another serial outranks same serial with another EK; both equal is a retest. The same
/// key in another public area is another EK there: the service compares the TPM2B_PUBLIC byte by byte.
DuplicateCheck checkDuplicate(const SerialNumber& serial, ByteView endorsementKey,
                              const std::optional<EnrollmentRecord>& byEk,
                              const std::optional<EnrollmentRecord>& bySerial);

} // namespace enroll::enrollment
