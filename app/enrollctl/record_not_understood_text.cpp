#include "app/enrollctl/record_not_understood_text.h"

#include "core/base/station_code.h"
#include "core/base/text.h"

#include <algorithm>

namespace enroll::app::enrollctl {

Error recordsNotUnderstood(std::string_view notDone, std::span<const db::documents::RecordNotUnderstood> records)
{
    constexpr std::size_t kMostNamed = 10;
    std::vector<std::string> named;
    for (const auto& record : records.first(std::min(kMostNamed, records.size()))) {
        named.push_back(record.registrationId.text() + " (" + record.what + ")");
    }
    const auto more = records.size() - named.size();
    return makeError(StationCode::JournalNewer,
                     std::string{notDone} + ", because this program does not understand " +
                         std::to_string(records.size()) +
                         (records.size() == 1 ? " enrollment record, " : " enrollment records, ") + joined(named) +
                         (more == 0 ? "" : " and " + std::to_string(more) + " more") +
                         ", which may be a newer program's: install that and try again");
}

} // namespace enroll::app::enrollctl
