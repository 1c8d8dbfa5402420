#include "app/enrollctl/newer_record_text.h"

#include "core/base/station_code.h"

namespace enroll::app::enrollctl {

Error writtenByNewerProgram(std::string_view notDone, std::span<const db::documents::NewerRecord> records)
{
    const auto& first = records.front();
    return makeError(StationCode::ConfigurationInvalid,
                     std::string{notDone} + ", because written by a newer program: " + std::to_string(records.size()) +
                         (records.size() == 1 ? " enrollment record, " : " enrollment records, the first ") +
                         first.registrationId.text() + " (" + first.what + "); install that program and try again");
}

} // namespace enroll::app::enrollctl
