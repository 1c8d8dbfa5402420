// Every document of the provisioning service's protocol, each reader on the same bytes: what is read is written and
// read back the same. The enrollments come from whoever has a token, the results and states from a service.

#include "core/attestation/endorsement_key.h"
#include "core/enrollment/registration_id.h"
#include "db/documents/individual_enrollment_document.h"
#include "db/documents/member_reader.h"

#include <cstdlib>

using namespace enroll;
using namespace enroll::db::documents;

namespace {

template <class Document>
void requireSameAgain(const QJsonObject& object, Result<Document> (*read)(const QJsonObject&))
{
    const auto document = read(object);
    if (!document.ok()) {
        return;
    }
    // Through text, as it travels.
    const auto again = read(parseJsonObject(canonicalJson(toJson(*document))).value());
    if (!again.ok() || !(*again == *document)) {
        std::abort();
    }
}

void requireUsableKey(const provisioning::IndividualEnrollment& enrollment)
{
    const auto area = attestation::parsePublic(enrollment.attestation.endorsementKey);
    if (!area.ok() || !attestation::requireEndorsementKeyShape(*area).ok() ||
        !enrollment::parseRegistrationId(enrollment.registrationId.text()).ok()) {
        std::abort();
    }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    const auto object = parseJsonObject({reinterpret_cast<const char*>(data), static_cast<qsizetype>(size)});
    if (!object.ok()) {
        return 0;
    }
    requireSameAgain<provisioning::IndividualEnrollment>(*object, individualEnrollmentFromJson);
    requireSameAgain<provisioning::BulkEnrollmentResult>(*object, bulkResultFromJson);
    requireSameAgain<provisioning::RegistrationState>(*object, registrationStateFromJson);
    if (const auto enrollment = individualEnrollmentFromJson(*object); enrollment.ok()) {
        requireUsableKey(*enrollment);
    }
    const auto operation = bulkOperationFromJson(*object);
    if (operation.ok() && operation->mode != provisioning::BulkMode::Delete) {
        requireSameAgain<provisioning::BulkEnrollmentOperation>(*object, bulkOperationFromJson);
    }
    return 0;
}
