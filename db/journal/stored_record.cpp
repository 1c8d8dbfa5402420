#include "db/journal/stored_record.h"

#include "core/base/station_code.h"
#include "db/documents/enrollment_record_document.h"

namespace enroll::db::journal {

Result<enrollment::EnrollmentRecord> storedRecord(const QByteArray& body)
{
    auto record = documents::recordFromJson(body);
    if (!record) {
        return makeError(StationCode::ConfigurationInvalid,
                         "this program cannot read an enrollment record of the journal (" + record.error().what +
                             "): if a newer program wrote it, install that; otherwise run enrollctl journal verify");
    }
    return record;
}

} // namespace enroll::db::journal
