#include "core/crypto/digest.h"
#include "core/enrollment/registration_id.h"
#include "db/documents/enrollment_record_document.h"

#include <cstdlib>

/// A record that is read is sound, and is written and read back as the same record.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    using namespace enroll;
    const QByteArray text{reinterpret_cast<const char*>(data), static_cast<qsizetype>(size)};
    const auto record = db::documents::recordFromJson(text);
    if (!record.ok()) {
        return 0;
    }
    const auto again = db::documents::recordFromJson(db::documents::canonicalBytes(*record));
    if (!again.ok() || !(*again == *record)) {
        std::abort();
    }
    const auto digest = crypto::sha256({record->endorsementKey});
    if (!digest.ok() || !equalBytes(*digest, record->endorsementKeyDigest) ||
        !enrollment::parseRegistrationId(record->registrationId.text()).ok()) {
        std::abort();
    }
    return 0;
}
