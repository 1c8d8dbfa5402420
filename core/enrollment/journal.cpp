#include "core/enrollment/journal.h"

#include "core/base/recoded.h"
#include "core/base/station_code.h"

namespace enroll::enrollment {

Error journalFault(Error error)
{
    if (describe(error.code).verdict != Outcome::StationFault) {
        error.trail.push_back("reported as " + std::string{describe(error.code).text});
        return recoded(std::move(error), StationCode::JournalCannotSave);
    }
    return error;
}

} // namespace enroll::enrollment
