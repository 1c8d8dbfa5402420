#include "app/agent/serial_door.h"

#include "app/agent/line_log.h"
#include "app/agent/serial_station.h"
#include "core/base/device_code.h"
#include "core/transport/interruptible_wait.h"

#include <algorithm>
#include <iostream>
#include <poll.h>

namespace enroll::app::agent {

/// What run() keeps from one opening of the line to the next.
struct SerialDoor::Watch {
    system::WakeUp stopping;
    std::chrono::milliseconds pause{kFirstPause};
    LineLog log{std::cerr};
};

Result<SerialDoor> SerialDoor::open(transport::SerialAddress address)
{
    TRY_ASSIGN(const auto drawn, transport::drawSessionNumber());
    TRY_ASSIGN(auto line, transport::SerialTerminal::open(address));
    return SerialDoor{std::move(address), std::move(line), static_cast<std::uint32_t>(drawn)};
}

Result<void> SerialDoor::run(const TpmRelay& relay, const std::stop_token& stop)
{
    TRY_ASSIGN(auto stopping, system::WakeUp::create());
    Watch watch{std::move(stopping)};
    const std::stop_callback onStop{stop, [&watch] { watch.stopping.raise(); }};
    for (;;) {
        const auto why = serveUntilBroken(relay, watch);
        if (why.code == DeviceCode::Cancelled) {
            return {};
        }
        watch.log.say(m_address.path, describeForLog(why));
        if (!openAgain(watch)) { // a stop alone ends that
            return {};
        }
    }
}

/// Serves one session after the other. Errors D-101 (the line is gone), D-141.
Error SerialDoor::serveUntilBroken(const TpmRelay& relay, Watch& watch)
{
    SerialStation station{std::move(m_line), m_base, watch.stopping};
    m_base += 0x10000; // the next station on the line that is opened again knows none of these numbers
    for (;;) {
        if (auto begun = station.awaitSession(); !begun) {
            return std::move(begun).error();
        }
        watch.pause = kFirstPause;
        const auto report = relay.serve(station);
        station.endSession();
        if (!report.why.empty()) {
            watch.log.say(m_address.path, report.why);
        }
    }
}

/// Opens the line as soon as it is there. Error D-141.
Result<void> SerialDoor::openAgain(Watch& watch)
{
    for (bool isTold = false;;) {
        auto waited = transport::waitUntilReady(watch.stopping.fd(), POLLIN, Deadline::in(watch.pause), watch.stopping);
        if (!waited && waited.error().code == DeviceCode::Cancelled) {
            return waited;
        }
        watch.pause = std::min(2 * watch.pause, kLongestPause);
        auto opened = transport::SerialTerminal::open(m_address);
        if (opened) {
            m_line = std::move(opened).value();
            return {};
        }
        if (!std::exchange(isTold, true)) {
            watch.log.say(m_address.path, "waits for the line: " + describeForLog(opened.error()));
        }
    }
}

} // namespace enroll::app::agent
