#pragma once

#include "core/station/act.h"

namespace enroll::station {

/// Port: keeps who did what at the station, beside the runs. Any thread.
class ActLog {
public:
    virtual ~ActLog() = default;
    /// Does not wait; \p act is on the disk soon. Where it cannot be written, the log itself says so and loses none silently.
    virtual void write(const Act& act) = 0;

protected:
    ActLog() = default;
    ActLog(const ActLog&) = default;
    ActLog& operator=(const ActLog&) = default;
};

} // namespace enroll::station
