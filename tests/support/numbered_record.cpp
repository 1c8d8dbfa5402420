#include "tests/support/numbered_record.h"

#include "core/crypto/digest.h"
#include "tests/support/must.h"

namespace enroll::test {

enrollment::RegistrationId idNumber(int number)
{
    const auto digits = std::to_string(number);
    return enrollment::RegistrationId{"dev-" + std::string(3 - digits.size(), '0') + digits};
}

enrollment::EnrollmentRecord recordNumber(int number)
{
    enrollment::EnrollmentRecord record;
    record.registrationId = idNumber(number);
    record.serialNumber = enrollment::SerialNumber{"GX-" + std::to_string(100000 + number)};
    record.endorsementKey = concat({Bytes(60, std::byte{0x3a}), asBytes(record.registrationId.text())});
    record.endorsementKeyDigest = must(crypto::digest(crypto::HashAlgorithm::Sha256, {record.endorsementKey}));
    return record;
}

} // namespace enroll::test
