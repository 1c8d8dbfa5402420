#include "core/enrollment/ek_index.h"

namespace enroll::enrollment {

DuplicateCheck checkDuplicate(const SerialNumber& serial, ByteView endorsementKey, const KnownRecords& known)
{
    using enum DuplicateCheck::Kind;
    const auto& [byEk, bySerial, byRegistration, byStorageRootKey] = known;
    if (byEk && byEk->serialNumber != serial) {
        return {EkElsewhere, byEk};
    }
    if (bySerial && !equalBytes(bySerial->endorsementKey, endorsementKey)) {
        return {SerialHasOtherEk, bySerial};
    }
    if (byStorageRootKey && byStorageRootKey->serialNumber != serial) {
        return {TpmElsewhere, byStorageRootKey};
    }
    if (byEk || bySerial) {
        return {Retest, byEk ? byEk : bySerial};
    }
    if (byRegistration) {
        return {RegistrationIdTaken, byRegistration};
    }
    return {};
}

} // namespace enroll::enrollment
