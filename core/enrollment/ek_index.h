#pragma once

#include "core/enrollment/enrollment_record.h"

#include <optional>

namespace enroll::enrollment {

/// Port: the enrollment records of this station, found by endorsement key or by serial number. One object per thread.
class EkIndex {
public:
    virtual ~EkIndex() = default;
    /// The record of the same RSA or ECC key as in this TPM2B_PUBLIC, also if the rest of the public area differed
    /// then: keys are compared by attestation::keyFingerprint(). Errors S-301, S-302, S-303, S-337, D-113, S-340.
    virtual Result<std::optional<EnrollmentRecord>> findByEk(ByteView endorsementKey) = 0;
    /// The record of this serial number. Errors S-301, S-302, S-303.
    virtual Result<std::optional<EnrollmentRecord>> findBySerial(const SerialNumber& serial) = 0;
    /// The state of a record at each destination now. Errors S-301, S-302, S-303.
    virtual Result<RecordSummary> stateOf(const EnrollmentRecord& record) = 0;

protected:
    EkIndex() = default;
    EkIndex(const EkIndex&) = default;
    EkIndex& operator=(const EkIndex&) = default;
};

/// How a pair of endorsement key and serial number relates to the existing records.
struct DuplicateCheck {
    enum class Kind {
        New,             ///< neither is known
        Retest,          ///< one record has both
        EkElsewhere,     ///< the key is enrolled under another serial number
        SerialHasOtherEk ///< the serial number is enrolled with another key
    };
    Kind kind = Kind::New;
    std::optional<EnrollmentRecord> existing; ///< the record in question; absent for New
};

/// Decides on the records found for a key and for a serial number. Pure.
///
/// If both kinds of duplicate apply, EkElsewhere wins. For a serial number that has a record, the same key in another
/// public area counts as another EK, because the service compares the TPM2B_PUBLIC byte by byte.
DuplicateCheck checkDuplicate(const SerialNumber& serial, ByteView endorsementKey,
                              const std::optional<EnrollmentRecord>& byEk,
                              const std::optional<EnrollmentRecord>& bySerial);

} // namespace enroll::enrollment
