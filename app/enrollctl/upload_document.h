#pragma once

#include "core/delivery/upload_report.h"
#include "core/enrollment/ids.h"

#include <QJsonObject>

#include <span>

namespace enroll::app::enrollctl {

struct DestinationUpload {
    enrollment::DestinationName destination;
    delivery::UploadReport report;
};

/// `{schema, accepted, rejected: [{registrationId, code, headline, nextStep, reason, destination}], left,
/// destinations: [{name, accepted, rejected, left, stoppedBy}]}`: the sums first, then each destination's counts.
QJsonObject uploadDocument(std::span<const DestinationUpload> uploads);

/// The same as text, for people.
std::string uploadText(std::span<const DestinationUpload> uploads);

} // namespace enroll::app::enrollctl
