#include "core/station/command_code.h"

#include "core/base/scan_code.h"
#include "core/base/text.h"
#include "core/base/written_text.h"
#include "core/crypto/base32.h"
#include "core/crypto/digest.h"

#include <algorithm>

namespace enroll::station {
namespace {

constexpr std::string_view kMark = "enroll";
constexpr std::size_t kStationSize = 4;

constexpr std::string_view wordOf(Command command)
{
    switch (command) {
    case Command::Start:
        return "startone";
    case Command::StartAll:
        return "startall";
    case Command::Stop:
        return "stop";
    case Command::Acknowledge:
        return "done";
    case Command::Undo:
        return "undo";
    case Command::SignOut:
        return "signout";
    }
    return {};
}

std::optional<Command> commandOf(std::string_view word)
{
    const auto found =
        std::ranges::find_if(kAllCommands, [&](Command command) { return equalWithoutCase(word, wordOf(command)); });
    return found == kAllCommands.end() ? std::nullopt : std::optional{*found};
}

} // namespace

Result<CommandCodes> CommandCodes::of(const enrollment::StationId& station)
{
    TRY_ASSIGN(const auto digest, crypto::sha256({asBytes("enroll-station command card\n"), asBytes(station.text())}));
    CommandCodes codes;
    codes.m_station = crypto::toBase32Lower(digest).substr(0, kStationSize);
    return codes;
}

std::string CommandCodes::textOf(Command command) const
{
    return std::string{kMark} + m_station + std::string{wordOf(command)};
}

Result<std::optional<Command>> CommandCodes::read(std::string_view code) const
{
    if (code.size() <= kMark.size() + kStationSize || !equalWithoutCase(code.substr(0, kMark.size()), kMark)) {
        return std::optional<Command>{};
    }
    const auto command = commandOf(code.substr(kMark.size() + kStationSize));
    if (command && !equalWithoutCase(code.substr(kMark.size(), kStationSize), m_station)) {
        return makeError(ScanCode::OtherStationsCard, "'" + shownText(code) + "' is a command of another station",
                         "scan");
    }
    return command;
}

bool CommandCodes::mayBe(std::string_view code) const noexcept
{
    return !m_station.empty() && code.size() > kMark.size() + kStationSize &&
           equalWithoutCase(code.substr(0, kMark.size()), kMark) &&
           equalWithoutCase(code.substr(kMark.size(), kStationSize), m_station);
}

} // namespace enroll::station
