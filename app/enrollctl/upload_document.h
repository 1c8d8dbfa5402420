#pragma once

#include "core/delivery/upload_report.h"
#include "core/enrollment/ids.h"
#include "db/documents/record_not_understood.h"
#include "db/journal/left_behind.h"
#include "db/journal/queue_again.h"
#include "db/journal/set_aside.h"

#include <QJsonObject>

#include <span>

namespace enroll::app::enrollctl {

struct DestinationUpload {
    enrollment::DestinationName destination;
    delivery::UploadReport report;
    std::vector<db::documents::RecordNotUnderstood> notUnderstood = {}; ///< these were not sent; `left` counts them
    int leftOutAsSetAside = 0; ///< never queued there, because they are set aside at another destination
};

/// What one run of the command did.
struct UploadResult {
    std::vector<db::journal::QueuedAgain> queuedAgain; ///< before the first record was sent
    db::journal::SetAside setAside = {};               ///< likewise
    std::vector<DestinationUpload> uploads;
    std::vector<db::journal::LeftBehind> leftBehind = {}; ///< at destinations that the configuration does not have
};

/// `{schema, queuedAgain: [{registrationId, destination}], setAside: [{registrationId, destination}], foundDelivered:
/// [{registrationId, destination}], accepted, rejected: [{registrationId, code, headline, nextStep, reason, destination}],
/// rejectedEarlier, left, destinations: [{name, accepted, rejected, rejectedEarlier, setAside, leftOutAsSetAside, left, stoppedBy,
/// refusedAlike: [{registrationId, code, reason}], notUnderstood: notUnderstoodDocument()}], leftBehind:
/// leftBehindDocument()}`: the sums first, then each destination's counts. `queuedAgain`, `setAside` and `rejected` are this
/// run's; `foundDelivered` were to be set aside, and their destination holds them; `rejectedEarlier` counts those of runs
/// before it that nobody retried or set aside, a destination's `setAside` all that were, and its
/// `leftOutAsSetAside` those that are so at another one and were never queued for it; `refusedAlike` are still open.
QJsonObject uploadDocument(const UploadResult& result);

/// What uploadDocument() says, as text for people.
std::string uploadText(const UploadResult& result);

} // namespace enroll::app::enrollctl
