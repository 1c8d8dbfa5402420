#pragma once

#include "db/journal/journal_options.h"
#include "ui/background/background_reader.h"
#include "ui/model/journal_view.h"

#include <QTimer>

namespace enroll::app::desktop {

/// Opens the station's journal for the background reader; makes the journal if it does not exist.
ui::BackgroundReader::Connect journalConnection(db::journal::JournalOptions options);

/// Reads the day's counters and the states of records at an interval, and checks whether the journal can be written: a
/// station that cannot save must say so before the first device. After a failed check every look writes a trial file.
/// The work is done on the thread of \p reader; this object lives on the GUI thread.
class JournalWatcher final : public QObject {
    Q_OBJECT

public:
    /// Other programs, such as an upload from the command line, change records without telling this one.
    static constexpr std::chrono::milliseconds kInterval{5000};

    /// Looks at once and then every \p interval. \p reader must outlive this object.
    JournalWatcher(ui::BackgroundReader& reader, std::filesystem::path dataDirectory,
                   std::chrono::milliseconds interval = kInterval, QObject* parent = nullptr);

    /// Looks again soon; \p onShow are the runs whose records are on the screen.
    void refresh(std::vector<enrollment::RunId> onShow);
    /// Counts the devices from \p shiftStart on; absent: today's. Looks again if that is new.
    void countSince(std::optional<UtcTime> shiftStart);
    /// Call it when a run could not be saved. Looks again at once, and writes a trial file.
    void saveFailed();

Q_SIGNALS:
    void viewRead(const enroll::ui::JournalView& view);
    void failed(const enroll::Error& error);

private:
    void lookSoon();
    void look();
    void take(const Result<ui::JournalView>& view);

    enum class Next { Nothing, LookAgain };

    ui::BackgroundReader& m_reader;
    std::filesystem::path m_directory;
    std::vector<enrollment::RunId> m_onShow;
    std::optional<UtcTime> m_since;
    bool m_writable = false; ///< the last look succeeded, and no run has failed to save since
    bool m_looking = false;
    Next m_next = Next::Nothing; ///< after the look that is under way
    QTimer m_timer;
    ui::PendingAnswer m_answer;
};

} // namespace enroll::app::desktop
