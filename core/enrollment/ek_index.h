#pragma once

#include "core/crypto/public_key.h"
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
    /// The record of this key, wherever it was read: as findByEk(). Errors S-301, S-302, S-303, S-340.
    virtual Result<std::optional<EnrollmentRecord>> findByKey(const crypto::PublicKey& key) = 0;
    /// The record of this serial number. Errors S-301, S-302, S-303.
    virtual Result<std::optional<EnrollmentRecord>> findBySerial(const SerialNumber& serial) = 0;
    /// The record of this registration id, whatever the case of its letters, which the service ignores. Errors S-301,
    /// S-302, S-303.
    virtual Result<std::optional<EnrollmentRecord>> findByRegistration(const RegistrationId& id) = 0;
    /// The record of the device that passed first with a storage root key of this Name, at its enrollment or a retest.
    /// It finds a chip, and proves none to be new: there is another key after TPM2_Clear, and where the device's software
    /// made one of another template persistent. Errors S-301, S-302, S-303.
    virtual Result<std::optional<EnrollmentRecord>> findByStorageRootKey(ByteView name) = 0;
    /// \p record as a look-up would give it back: its twin in the form of the stored document, where each number has one
    /// way to be written. For comparisons. Errors S-340, S-399.
    [[nodiscard]] virtual Result<EnrollmentRecord> asStored(const EnrollmentRecord& record) const = 0;
    /// The state of a record at each destination now. Errors S-301, S-302, S-303.
    virtual Result<RecordSummary> stateOf(const EnrollmentRecord& record) = 0;

protected:
    EkIndex() = default;
    EkIndex(const EkIndex&) = default;
    EkIndex& operator=(const EkIndex&) = default;
};

/// The records that have something in common with a device.
struct KnownRecords {
    std::optional<EnrollmentRecord> byEk = {};
    std::optional<EnrollmentRecord> bySerial = {};
    std::optional<EnrollmentRecord> byRegistration = {}; ///< the id that the device would get
    std::optional<EnrollmentRecord> byStorageRootKey = {};
    std::vector<EnrollmentRecord> byOtherKeys = {}; ///< of the chip's other endorsement keys, as far as they were read
};

/// How a device relates to the existing records.
struct DuplicateCheck {
    enum class Kind {
        New,              ///< neither is known
        EkElsewhere,      ///< the key is enrolled under another serial number
        SerialHasOtherEk, ///< the serial number is enrolled with another key
        Retest,           ///< one record has both
        /// The storage root key was seen first in the device of another record, or another endorsement key of the chip is
        /// that record's: one chip, two endorsement keys.
        TpmElsewhere,
        RegistrationIdTaken ///< the registration id is that of another key and serial number: "gx-5" is "GX-5" to the
                            ///< service
    };
    Kind kind = Kind::New;
    std::optional<EnrollmentRecord> existing; ///< the record in question; absent for New
    /// Of a Retest that would be TpmElsewhere if it had no record of its own: the other record. An earlier program gave one
    /// chip both.
    std::optional<EnrollmentRecord> tpmElsewhere = {};
};

/// Decides on the records found for a device. Pure.
///
/// If several kinds apply, the first in the order of Kind wins. For a serial number that has a record, the same key in another
/// public area counts as another EK, because the service compares the TPM2B_PUBLIC byte by byte.
DuplicateCheck checkDuplicate(const SerialNumber& serial, ByteView endorsementKey, const KnownRecords& known);

/// True if a device that \p check is about must not get a record of its own, nor keep one.
constexpr bool isConflict(DuplicateCheck::Kind kind) noexcept
{
    return kind != DuplicateCheck::Kind::New && kind != DuplicateCheck::Kind::Retest;
}

} // namespace enroll::enrollment
