#pragma once

#include "core/config/station_config.h"
#include "core/delivery/upload_report.h"
#include "db/journal/journal_options.h"
#include "db/journal/journal_proof.h"
#include "ui/model/station_condition.h"

#include <QObject>

#include <thread>

namespace enroll::app::desktop {

/// Uploads the records of one destination as long as the application runs, on a thread and a database connection of its
/// own. This object lives on the GUI thread.
class UploadFollower final : public QObject, private delivery::UploadProgressSink {
    Q_OBJECT

public:
    UploadFollower(db::journal::JournalOptions journal, config::DestinationConfig destination,
                   QObject* parent = nullptr);
    ~UploadFollower() override;

    [[nodiscard]] const ui::UploadState& state() const { return m_state; }
    void requestStop() noexcept { m_thread.request_stop(); }

Q_SIGNALS:
    /// state() changed.
    void changed();

private:
    void follow(const std::stop_token& stop);
    Result<delivery::UploadReport> drain(const std::stop_token& stop);
    void progress(const delivery::UploadProgress& progress) override;
    void take(const delivery::UploadProgress& progress);

    db::journal::JournalOptions m_journal;
    config::DestinationConfig m_destination;
    db::journal::JournalProof m_proof; ///< of the upload thread
    ui::UploadState m_state;
    std::jthread m_thread; // last: joined before the members it uses are gone
};

} // namespace enroll::app::desktop
