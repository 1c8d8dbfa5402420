#pragma once

#include "core/base/clock.h"
#include "core/base/word.h"
#include "core/enrollment/attestation_run.h"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace enroll::station {

/// What somebody did at a station that no run says.
enum class ActKind {
    SignedIn,
    SignedOut,
    BadgeRefused,
    PinRefused,
    Locked,
    Unlocked,
    OrderTaken,
    ResultAcknowledged, ///< somebody dealt with it; in older acts also what is ResultReplaced
    ResultReplaced,     ///< the next serial number took its slot, or its own, which was asked for, another one
    SerialTakenBack,
    RunStopped, ///< the stop was asked; the run itself says what came of it
    StationStarted,
    StationEnded, ///< the last one: a program that was killed leaves none, nor does one that could not write all before it
    ActsLost,     ///< acts that could not be written, and were more than the station keeps, or waited when it ended
    RecordsQueuedAgain,
    RecordsSetAside,
    ClockAccepted,
    PersonAdded,
    PersonRemoved,
    PinSet,
    PinRemoved,
    OperatorNamed,  ///< to a command that tests a device, as who runs the station: no badge was shown
    ScreenMeasured, ///< with a ruler: how large texts are on it follows from that
    TrustImported,  ///< authorities were added to a set of the trust store, or made anchors
    TrustRemoved,
    ListImported, ///< a revocation list was added, or took the place of an older one
};

inline constexpr std::array kAllActKinds{
    ActKind::SignedIn,       ActKind::SignedOut,       ActKind::BadgeRefused,       ActKind::PinRefused,
    ActKind::Locked,         ActKind::Unlocked,        ActKind::OrderTaken,         ActKind::ResultAcknowledged,
    ActKind::ResultReplaced, ActKind::SerialTakenBack, ActKind::RunStopped,         ActKind::StationStarted,
    ActKind::StationEnded,   ActKind::ActsLost,        ActKind::RecordsQueuedAgain, ActKind::RecordsSetAside,
    ActKind::ClockAccepted,  ActKind::PersonAdded,     ActKind::PersonRemoved,      ActKind::PinSet,
    ActKind::PinRemoved,     ActKind::OperatorNamed,   ActKind::ScreenMeasured,     ActKind::TrustImported,
    ActKind::TrustRemoved,   ActKind::ListImported};

/// "signed-in", … as in the document.
std::string_view actKindText(ActKind kind) noexcept;
std::string_view actKindText(const Word<ActKind>& kind) noexcept;

/// True for what somebody did whom the station does not know: whoever is signed in meanwhile did not do it.
bool isOfUnknownPerson(ActKind kind) noexcept;

/// By what a serial number took the slot of a result.
enum class ActCause {
    Scan,   ///< its label was scanned
    Device, ///< its device came, and no person did it; where somebody is named, that is who was signed in then
};

inline constexpr std::array kAllActCauses{ActCause::Scan, ActCause::Device};

/// "scan", "device", as in the document.
std::string_view actCauseText(ActCause cause) noexcept;

/// A file that a program read at its start, or that a command changed.
struct FileStamp {
    std::string file;
    std::string sha256; ///< hex, of its bytes as they were read or written; empty: they could not be
    bool operator==(const FileStamp&) const = default;
};

/// One thing that somebody did, and when: the content of the act document. Never changed once it is written. Each kind says
/// what it has to say, and leaves the rest out. Nothing of a badge or a PIN is in it.
struct Act {
    Word<ActKind> what = ActKind::StationStarted;
    UtcTime at{}; ///< when it was done; the journal's own time is when it was written there
    enrollment::StationId stationId = {};
    std::optional<enrollment::OperatorId> operatorId =
        {}; ///< who, by a badge or by their own word; none: nobody was known
    std::optional<std::string> account =
        {}; ///< whose account of the operating system did it: a command's, not the desktop's

    std::optional<enrollment::OperatorId> inPlaceOf = {}; ///< SignedIn: who was signed in until then
    std::optional<enrollment::OperatorId> person =
        {}; ///< PersonAdded, PersonRemoved, PinSet, PinRemoved, PinRefused, and SignedOut by somebody unknown: whom it is about
    std::optional<enrollment::SlotNumber> slot = {};
    std::optional<enrollment::SerialNumber> serialNumber = {};
    std::optional<enrollment::RunId> runId =
        {}; ///< ResultAcknowledged, ResultReplaced: of the run that the slot showed; RunStopped: of the one that was to stop, which older acts lack
    std::optional<Word<ActCause>> cause = {};                      ///< ResultReplaced, as is the next
    std::optional<enrollment::SerialNumber> nextSerialNumber = {}; ///< that has the slot now
    std::optional<enrollment::BatchId> batch = {};
    std::optional<Word<ErrorCode>> code = {};     ///< why a badge or a PIN was refused, or an act was not written
    std::optional<std::string> reason = {};       ///< in the words of whoever did it
    std::optional<std::int64_t> count = {};       ///< of records queued again or set aside, of acts that were lost
    std::optional<std::string> screen = {};       ///< ScreenMeasured: what it is called, as is the next
    std::optional<std::int64_t> millimetres = {}; ///< how wide its picture is, to the whole one
    std::optional<enrollment::SoftwareStamp> software = {}; ///< StationStarted, as are the next two
    std::optional<enrollment::ProfileStamp> profile = {};
    std::vector<FileStamp> configuration = {};
    std::vector<FileStamp> files =
        {}; ///< TrustImported, TrustRemoved, ListImported: as they lie, or lay, in the trust store
    bool operator==(const Act&) const = default;
};

} // namespace enroll::station
