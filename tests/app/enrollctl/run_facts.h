#pragma once

#include "tests/app/enrollctl/enrollctl_process.h"

#include <QJsonArray>

namespace enroll::test {

/// What \p run says of its device, and nothing of when and where it was tested.
inline QJsonObject factsOf(const CtlRun& run)
{
    auto document = run.document();
    for (const auto* member : {"runId", "startedAt", "durationMs", "device", "tpmTraffic"}) {
        document.remove(QLatin1String{member});
    }
    auto steps = document.take(QLatin1String{"steps"}).toArray();
    for (auto&& step : steps) {
        auto object = step.toObject();
        object.remove(QLatin1String{"durationMs"});
        if (object.value(QLatin1String{"id"}) == QLatin1String{"connect"}) {
            object.remove(QLatin1String{"detail"}); // the address
        }
        step = object;
    }
    document.insert(QLatin1String{"steps"}, steps);
    return document;
}

} // namespace enroll::test
