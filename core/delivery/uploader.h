#pragma once

#include "core/base/result.h"
#include "core/delivery/back_off.h"
#include "core/delivery/destination.h"
#include "core/delivery/upload_report.h"
#include "core/delivery/waiting.h"

#include <variant>

namespace enroll::delivery {

/// Ends when nothing is open, after so many failed calls in a row, or when the destination asks to be left alone for
/// longer than somebody who started it would wait.
struct DrainOnce {
    int mostFailuresInARow = 5;
    std::chrono::seconds longestAskedWait{60};
};
/// Ends when a stop is asked, or when a person must act first (NeedsPerson, RefusedAll); looks for new entries in
/// between.
struct FollowUntilStopped {
    std::chrono::milliseconds poll{2000};
};

struct UploadOptions {
    std::size_t chunk = 10; ///< records in one call of send()
    BackOff backOff = {};
    std::variant<DrainOnce, FollowUntilStopped> mode = DrainOnce{};
    /// How long DrainOnce waits while another program sends to the same destination; FollowUntilStopped waits on.
    std::chrono::milliseconds claimPatience{5000};
};

/// Carries records from the outbox to one destination: each at least once, none twice.
///
/// An entry is marked sent on disk just before its first byte leaves, and closed only by the destination's own word.
/// Whatever is in doubt - marked sent by a run that was interrupted, or its answer lost - is read back before it may be
/// sent again.
///
/// Only one uploader sends to a destination at a time (Outbox::claim): two would send the same entries. One that
/// follows lets go of its claim while nothing is open. One that drains once ends with S-302 past its patience, and
/// reports what is left.
///
/// The kind of trouble alone says how to go on. NeedsPerson ends the drain. RefusedAll closes nothing; the next chunks
/// are tried, and if ten in a row fare no better, or at the end of the pass, the drain ends. RefusedRecord closes its record.
/// Everything else is tried again.
///
/// Every drain begins by queueing the records that this destination never had, and so does each look for new ones:
/// nobody else has to.
///
/// A wish to be left alone is honoured before the next call, whatever the call decided; one that is too long for
/// DrainOnce ends the drain (U-430) and says when sending may go on. A record that fails every call it is in does not
/// hold up the others for long: after two such calls they go one by one, and it is passed over until the next pass.
///
/// Blocks; one thread, where \p outbox, \p destination and \p waiting live too.
class Uploader {
public:
    Uploader(Outbox& outbox, Destination& destination, UploadOptions options, UploadProgressSink& sink,
             Waiting& waiting);

    /// Sends what is open. Returns within moments of a stop, apart from one call under way, which the stop breaks off.
    UploadReport drain(const std::stop_token& stop);

private:
    class Drain;

    Outbox& m_outbox;
    Destination& m_destination;
    UploadOptions m_options;
    UploadProgressSink& m_sink;
    Waiting& m_waiting;
};

} // namespace enroll::delivery
