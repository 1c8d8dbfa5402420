#include "db/journal/stored_record.h"

#include "core/base/recoded.h"
#include "core/base/station_code.h"
#include "db/documents/enrollment_record_document.h"

namespace enroll::db::journal {

Result<enrollment::EnrollmentRecord> storedRecord(const QByteArray& body)
{
    return prefixed(
        "this program cannot read an enrollment record of the journal (if a newer program wrote it, install "
        "that; otherwise run enrollctl journal verify): ",
        recoded(documents::recordFromJson(body), StationCode::ConfigurationInvalid));
}

} // namespace enroll::db::journal
