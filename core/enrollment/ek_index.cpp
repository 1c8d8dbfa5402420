#include "core/enrollment/ek_index.h"

#include <algorithm>

namespace enroll::enrollment {
namespace {

/// The record of the same chip under another serial number than \p serial.
std::optional<EnrollmentRecord> sameTpmElsewhere(const SerialNumber& serial, const KnownRecords& known)
{
    if (known.byStorageRootKey && known.byStorageRootKey->serialNumber != serial) {
        return known.byStorageRootKey;
    }
    const auto other = std::ranges::find_if(known.byOtherKeys,
                                            [&serial](const auto& record) { return record.serialNumber != serial; });
    return other == known.byOtherKeys.end() ? std::nullopt : std::optional{*other};
}

} // namespace

DuplicateCheck checkDuplicate(const SerialNumber& serial, ByteView endorsementKey, const KnownRecords& known)
{
    using enum DuplicateCheck::Kind;
    const auto& byEk = known.byEk;
    const auto& bySerial = known.bySerial;
    if (byEk && byEk->serialNumber != serial) {
        return {EkElsewhere, byEk};
    }
    if (bySerial && !equalBytes(bySerial->endorsementKey, endorsementKey)) {
        return {SerialHasOtherEk, bySerial};
    }
    auto tpmElsewhere = sameTpmElsewhere(serial, known);
    if (byEk || bySerial) {
        return {Retest, byEk ? byEk : bySerial, std::move(tpmElsewhere)};
    }
    if (tpmElsewhere) {
        return {TpmElsewhere, std::move(tpmElsewhere)};
    }
    if (known.byRegistration) {
        return {RegistrationIdTaken, known.byRegistration};
    }
    return {};
}

} // namespace enroll::enrollment
