#pragma once

#include "db/journal/journal_options.h"
#include "ui/background/background_reader.h"
#include "ui/model/journal_view.h"

#include <QTimer>

namespace enroll::app::station {

/// What opens the station's journal for the background reader: makes it on the first day.
ui::BackgroundReader::Connect journalConnection(db::journal::JournalOptions options);

/// Asks the background, again and again, for the day's counters and the state of records, and whether the journal can
/// still be written, so that a station that cannot save says so before the first device. While it cannot, every look
/// tries to write. GUI thread.
class JournalWatcher final : public QObject {
    Q_OBJECT

public:
    /// Another program (an upload from the command line) may change records without telling us.
    static constexpr std::chrono::milliseconds kInterval{5000};

    /// Begins to look at once; \p reader outlives this object.
    JournalWatcher(ui::BackgroundReader& reader, std::filesystem::path dataDirectory,
                   std::chrono::milliseconds interval = kInterval, QObject* parent = nullptr);

    /// Looks again soon; \p onShow are the runs whose records are on the screen.
    void refresh(std::vector<enrollment::RunId> onShow);
    /// A run could not be saved: what was read before proves nothing any more. Looks again soon, and tries to write.
    void doubt();

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
    bool m_trusted = false; ///< the last look succeeded, and nothing has cast doubt on it since
    bool m_looking = false;
    Next m_next = Next::Nothing; ///< after the look that is under way
    QTimer m_timer;
    ui::PendingAnswer m_answer;
};

} // namespace enroll::app::station
