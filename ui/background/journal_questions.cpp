#include "ui/background/journal_questions.h"

#include "core/base/cancellation.h"
#include "core/base/station_code.h"

#include <QDateTime>

namespace enroll::ui {
namespace {

using enrollment::AttestationRun;
using enrollment::SlotNumber;

UtcTime startOfToday()
{
    return UtcTime{std::chrono::milliseconds{QDate::currentDate().startOfDay().toMSecsSinceEpoch()}};
}

/// None for a run that nothing can be said of: there is no such run, or it was altered.
template <class Value>
Result<std::optional<Value>> ifSound(Result<Value> read)
{
    if (read.ok()) {
        return std::optional{std::move(read).value()};
    }
    const auto code = read.error().code;
    const bool nothing = code == StationCode::NothingFound || code == StationCode::JournalAltered;
    return nothing ? Result<std::optional<Value>>{std::nullopt} : Result<std::optional<Value>>{read.error()};
}

/// The run with the very id that was made before the test began: another run of this serial number says nothing of it.
Result<std::optional<AttestationRun>> runOf(db::review::RunQuery& runs, SlotNumber slot, const station::KeptTest& test)
{
    if (!test.runId) {
        return std::optional<AttestationRun>{};
    }
    TRY_ASSIGN(const auto stored, ifSound(runs.show(*test.runId)));
    const bool isOfTest = stored && stored->run.slot == slot && stored->run.serialNumber == test.serial &&
                          stored->run.device == test.device;
    return isOfTest ? std::optional{stored->run} : std::nullopt;
}

} // namespace

Result<JournalView> journalView(db::review::JournalReader& journal, const std::vector<enrollment::RunId>& onShow,
                                const std::stop_token& stop, std::optional<UtcTime> since)
{
    TRY_ASSIGN(const auto counters, journal.counters().since(since.value_or(startOfToday())));
    JournalView view{{counters.pass, counters.fail, counters.hold, counters.firstPassYield()},
                     counters.devices,
                     counters.queued,
                     {},
                     since,
                     counters.tests};
    for (const auto& runId : onShow) {
        if (stop.stop_requested()) {
            return stopAsked();
        }
        TRY_ASSIGN(const auto stored, journal.runs().show(runId));
        if (stored.run.record) {
            view.records.emplace(runId, *stored.run.record);
        }
    }
    return view;
}

Result<std::map<SlotNumber, std::optional<AttestationRun>>>
runsOf(db::review::JournalReader& journal, const station::KeptTests& tests, const std::stop_token& stop)
{
    std::map<SlotNumber, std::optional<AttestationRun>> found;
    for (const auto& [slot, test] : tests) {
        if (stop.stop_requested()) {
            return stopAsked();
        }
        TRY_ASSIGN(auto run, runOf(journal.runs(), slot, test));
        found.emplace(slot, std::move(run));
    }
    return found;
}

} // namespace enroll::ui
