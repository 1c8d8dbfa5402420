#pragma once

#include "core/enrollment/scanner_settings.h"
#include "core/station/command_code.h"

#include <variant>

namespace enroll::station {

/// A serial number, as far as its form says; the product's profile judges it.
struct SerialCode {
    std::string text;
    bool operator==(const SerialCode&) const = default;
};

/// A badge, as far as its form says. It opens doors: whoever is given it wipes it, and shows it nowhere.
struct BadgeCode {
    std::string text;
    bool operator==(const BadgeCode&) const = default;
};

using ScannedCode = std::variant<SerialCode, enrollment::SlotNumber, Command, enrollment::BatchId, BadgeCode>;

/// How a code came in.
struct EntryWay {
    enum class Pace {
        ByHand,
        Scanner,
        Mixed, ///< a scanner's characters, and others among or beside them
    };
    Pace pace = Pace::ByHand;
    bool capsLock = false; ///< it was on
    bool operator==(const EntryWay&) const = default;
};

/// Tells what a code is that was scanned or typed, wherever it was entered. A value; safe to use on many threads.
///
/// A code has one kind, or it is refused:
/// - commands are the codes on the station's own card; what fits the pattern "command" besides is no other kind,
/// - labels of slots say "SLOT 3", or fit the pattern "slot" and end with the number,
/// - batches and badges fit their patterns,
/// - serial numbers fit the pattern "serial", where there is one; else the serial pattern of the profile, if it has one;
///   else they are whatever is nothing else. The profile's pattern speaks of devices: it takes no command and no
///   "SLOT 3" away, while a pattern of the station's own that does is refused with the configuration.
///
/// What no kind fits is given out as a serial number by the profile, which says why it is none.
class ScanRouter {
public:
    /// A scanner as it comes, no command card, and no pattern.
    ScanRouter() = default;
    ScanRouter(enrollment::ScannerSettings settings, CommandCodes commands,
               enrollment::SerialPattern profilePattern = {})
        : m_settings(std::move(settings)), m_commands(std::move(commands)), m_profilePattern(std::move(profilePattern))
    {}

    [[nodiscard]] const enrollment::ScannerSettings& settings() const noexcept { return m_settings; }

    /// \par Errors   B-621 (keys and a scan in one), B-613 (two codes that came as one), B-620 (several fields),
    ///               B-614 (a command of another station's card), B-619 (a command that is none of this version), B-616
    ///               (two kinds), B-618 (a batch of more than 64 characters), B-615 and B-622 (Caps Lock exchanged the letters, or may have), B-601 (fits the pattern of no kind)
    [[nodiscard]] Result<ScannedCode> read(std::string_view scan, const EntryWay& way = {}) const;

private:
    using Kinds = std::vector<enrollment::CodeKind>;

    [[nodiscard]] Result<ScannedCode> codeOf(const std::string& code, const EntryWay& way) const;
    [[nodiscard]] Result<ScannedCode> unfitting(const std::string& code) const;
    [[nodiscard]] Result<ScannedCode> ofKind(enrollment::CodeKind kind, const std::string& code,
                                             const EntryWay& way) const;
    /// A wide pattern lets two codes pass for one.
    [[nodiscard]] Result<void> requireOneCode(const std::string& code, const EntryWay& way) const;
    /// The kinds whose form \p code has; what is serial for lack of any other kind has none.
    [[nodiscard]] Kinds kindsOf(std::string_view code) const;
    /// A code without the form of any kind may be serial all the same, unless its parts have one, or it in the other case.
    [[nodiscard]] Result<void> requireNothingElse(const std::string& code) const;
    [[nodiscard]] bool takesAnySerial() const;
    [[nodiscard]] bool isOneAfterAnother(std::string_view code) const;

    enrollment::ScannerSettings m_settings;
    CommandCodes m_commands;
    enrollment::SerialPattern m_profilePattern;
};

} // namespace enroll::station
