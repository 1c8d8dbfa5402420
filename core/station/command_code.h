#pragma once

#include "core/base/result.h"
#include "core/enrollment/ids.h"

#include <array>
#include <optional>
#include <string>
#include <string_view>

namespace enroll::station {

/// What a barcode of the command card tells the station, for hands that hold a scanner and no keyboard.
enum class Command {
    Start,       ///< the chosen slot
    StartAll,    ///< every slot that is ready
    Stop,        ///< the chosen slot; asks first, and the second scan stops it
    Acknowledge, ///< the result in the chosen slot is dealt with
    Undo,        ///< the choice of a slot, a question, or the serial number in hand
    SignOut,     ///< whoever is signed in
};

inline constexpr std::array kAllCommands{Command::Start,       Command::StartAll, Command::Stop,
                                         Command::Acknowledge, Command::Undo,     Command::SignOut};

/// The codes on the command card of one station, such as "enrollk5twstartall".
///
/// Four characters, from the digest of the station's id, make a code this station's own: the card of the station beside
/// it does nothing here, and no label of a device happens to be a command. Small letters and the digits 2 to 7 alone: a
/// scanner types them without Shift.
/// \par Thread   any
class CommandCodes {
public:
    /// Of no station: each command is another one's.
    CommandCodes() = default;

    /// \par Errors   S-340
    static Result<CommandCodes> of(const enrollment::StationId& station);

    [[nodiscard]] std::string textOf(Command command) const;

    /// The command that \p code is, in either case: Caps Lock may be on. None if it is no command's.
    /// \par Errors   B-614 if it is a command of another station's card
    [[nodiscard]] Result<std::optional<Command>> read(std::string_view code) const;

    /// True if \p code begins as each of this station's commands does, whether it is one or not.
    [[nodiscard]] bool mayBe(std::string_view code) const noexcept;

private:
    std::string m_station; ///< its four characters
};

} // namespace enroll::station
