#include "core/enrollment/ek_index.h"

namespace enroll::enrollment {

DuplicateCheck checkDuplicate(const SerialNumber& serial, ByteView endorsementKey,
                              const std::optional<EnrollmentRecord>& byEk,
                              const std::optional<EnrollmentRecord>& bySerial)
{
    using enum DuplicateCheck::Kind;
    if (byEk && byEk->serialNumber != serial) {
        return {EkElsewhere, byEk};
    }
    if (bySerial && !equalBytes(bySerial->endorsementKey, endorsementKey)) {
        return {SerialHasOtherEk, bySerial};
    }
    if (byEk || bySerial) {
        return {Retest, byEk ? byEk : bySerial};
    }
    return {};
}

} // namespace enroll::enrollment
