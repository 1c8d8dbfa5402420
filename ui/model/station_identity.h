#pragma once

#include <QString>

namespace enroll::ui {

enum class SoftwareTpms { Refused, Allowed };

/// Which station this is, where it stands, and what it makes.
struct StationIdentity {
    QString station;
    QString line;
    QString profile;
    SoftwareTpms softwareTpms = SoftwareTpms::Refused;
};

} // namespace enroll::ui
