#include "app/desktop/upload_follower.h"

#include "app/wiring/destinations.h"
#include "core/base/without_exceptions.h"
#include "core/delivery/uploader.h"
#include "db/journal/sqlite_outbox.h"

namespace enroll::app::desktop {
namespace {

using delivery::UploadReport;

// An upload that ended waits for a person: a new key, a new CA file. It starts again after this, without a restart.
constexpr std::chrono::milliseconds kLookAgain{30'000};
constexpr auto kThread = "upload-follower";

} // namespace

UploadFollower::UploadFollower(db::journal::JournalOptions journal, config::DestinationConfig destination,
                               QObject* parent)
    : QObject(parent), m_journal(std::move(journal)), m_destination(std::move(destination)),
      m_proof(m_journal.dataDirectory),
      m_thread([this](const std::stop_token& stop) { runThread(kThread, [&] { follow(stop); }); })
{}

UploadFollower::~UploadFollower() = default;

void UploadFollower::follow(const std::stop_token& stop)
{
    delivery::RealWaiting waiting;
    while (!stop.stop_requested()) {
        const auto drained = withoutExceptions<UploadReport>(kThread, [&] { return drain(stop); });
        if (!drained.ok() && !stop.stop_requested()) {
            progress({.lastError = drained.error()});
        }
        waiting.waitFor(kLookAgain, stop);
    }
}

/// Opens everything anew: the connection string or the CA file may have been replaced since the last try. The journal is
/// proven at each look that finds anything to queue or to send, before that is done.
Result<UploadReport> UploadFollower::drain(const std::stop_token& stop)
{
    delivery::RealWaiting waiting;
    TRY_ASSIGN(const auto destination, wiring::openDestination(m_destination.settings, waiting, m_destination.places));
    const auto proof = [this, &stop] { return m_proof.renew(m_destination.name, {}, stop); };
    TRY_ASSIGN(const auto outbox, db::journal::SqliteOutbox::open(m_journal, m_destination.name, proof));

    delivery::UploadOptions options;
    options.mode = delivery::FollowUntilStopped{};
    return delivery::Uploader{*outbox, *destination, options, *this, waiting}.drain(stop);
}

/// Called on the upload thread; the queued call runs take() on the GUI thread, which alone touches m_state. A call that
/// is still queued when this object is destroyed is dropped by Qt.
void UploadFollower::progress(const delivery::UploadProgress& progress)
{
    QMetaObject::invokeMethod(
        this, [this, progress] { take(progress); }, Qt::QueuedConnection);
}

void UploadFollower::take(const delivery::UploadProgress& progress)
{
    m_state.take(progress, QDateTime::currentDateTime());
    Q_EMIT changed();
}

} // namespace enroll::app::desktop
