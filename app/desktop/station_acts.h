#pragma once

#include "app/desktop/station_setup.h"
#include "core/station/act_log.h"

#include <QObject>

#include <memory>
#include <optional>

namespace enroll::db::journal {
class ActWriter;
}

namespace enroll::app::desktop {

/// Who did what, from the start of the station to its end: the first act and the last are this object's own. Lives on the
/// GUI thread, which waits in the destructor alone, until what is left is in the journal: ActWriter::kEndWithin and the
/// waiting for one other writer at most.
///
/// Acts that the journal does not take until the end are lost. "duty.json" says how many, and at the next start an
/// "acts-lost" before "station-started" says it in the journal. It misses those that "duty.json" could not take either, on
/// a disk that is full, and what a program did in the moment when it was killed; and it says twice what one says that is
/// killed between the two files.
class StationActs final : public QObject {
    Q_OBJECT

public:
    explicit StationActs(const StationSetup& setup, QObject* parent = nullptr);
    ~StationActs() override;

    [[nodiscard]] std::shared_ptr<station::ActLog> log() const;
    /// Why acts cannot be written now: nothing may be tested of which nobody could tell who did it.
    [[nodiscard]] const std::optional<Error>& fault() const { return m_fault; }
    /// Tries once more what could not be written.
    void retry();

Q_SIGNALS:
    void faultChanged();

private:
    enrollment::StationId m_station;
    std::shared_ptr<db::slot_memory::SlotMemoryFile> m_lock; ///< "duty.json" is this program's until it is written last
    std::shared_ptr<db::journal::ActWriter> m_writer;        ///< whoever else holds it is gone before this object
    std::optional<Error> m_fault;
};

} // namespace enroll::app::desktop
