#pragma once

#include "core/enrollment/scanner_settings.h"
#include "core/station/command_code.h"

#include <variant>

namespace enroll::station {

/// A code that is neither a command nor the label of a slot: to be judged as a serial number.
struct SerialCode {
    std::string text;
    bool operator==(const SerialCode&) const = default;
};

using ScannedCode = std::variant<SerialCode, enrollment::SlotNumber, Command>;

/// Tells what a code is that was scanned or typed, wherever it was entered. A value; safe to use on many threads.
class ScanRouter {
public:
    /// A scanner as it comes, and no command card.
    ScanRouter() = default;
    ScanRouter(enrollment::ScannerSettings settings, CommandCodes commands)
        : m_settings(std::move(settings)), m_commands(std::move(commands))
    {}

    [[nodiscard]] const enrollment::ScannerSettings& settings() const noexcept { return m_settings; }

    /// \par Errors   B-613 (two codes that came as one), B-614 (a command of another station's card)
    [[nodiscard]] Result<ScannedCode> read(std::string_view scan) const;

private:
    enrollment::ScannerSettings m_settings;
    CommandCodes m_commands;
};

} // namespace enroll::station
