#include "ui/background/journal_questions.h"

#include "core/base/cancellation.h"

#include <QDateTime>

namespace enroll::ui {
namespace {

UtcTime startOfToday()
{
    return UtcTime{std::chrono::milliseconds{QDate::currentDate().startOfDay().toMSecsSinceEpoch()}};
}

} // namespace

Result<JournalView> journalView(db::review::JournalReader& journal, const std::vector<enrollment::RunId>& onShow,
                                const std::stop_token& stop)
{
    TRY_ASSIGN(const auto counters, journal.counters().since(startOfToday()));
    JournalView view{{counters.pass, counters.fail, counters.hold, counters.firstPassYield()},
                     counters.devices,
                     counters.queued,
                     {}};
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

} // namespace enroll::ui
