#include "app/enrollctl/operator_option.h"

#include "core/base/station_code.h"
#include "core/config/people_file.h"
#include "core/station/scan_text.h"

#include <algorithm>

namespace enroll::app::enrollctl {

using enrollment::CodeKind;

Result<void> requireNoBadge(const std::string& option, const std::string& text, const config::StationConfig& station)
{
    const auto& patterns = station.scanner.patterns;
    if (text.empty()) { // it was not given
        return {};
    }
    const auto scanned = station::codeIn(text, station.scanner.prefix);
    if (patterns.fits(CodeKind::Badge, text) || (scanned.ok() && patterns.fits(CodeKind::Badge, scanned->code))) {
        const auto key = keyOf(CodeKind::Badge);
        return makeError(StationCode::UsageInvalid,
                         option + ": the value fits " + key + " (" + station.origins.at(key) +
                             "), so it is a badge's code, which is kept nowhere: give the person's id, as "
                             "`enrollctl people list` shows it");
    }
    return {};
}

Result<void> requireKnownOperator(const std::string& option, const std::string& text,
                                  const config::StationConfig& station)
{
    TRY(requireNoBadge(option, text, station));
    TRY_ASSIGN(const auto people, config::readPeople(station.dataDirectory));
    if (people && std::ranges::count(*people, enrollment::OperatorId{text}, &enrollment::Person::id) == 0) {
        return makeError(StationCode::UsageInvalid, // it may be a badge's code, so it is not shown
                         option + ": the value is no id in " + config::peopleFile(station.dataDirectory).string() +
                             ": `enrollctl people list` shows them");
    }
    return {};
}

} // namespace enroll::app::enrollctl
