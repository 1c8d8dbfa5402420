#pragma once

#include "core/system/descriptor.h"
#include "core/system/wake_up.h"
#include "tests/core/transport/simulated_line.h"
#include "tests/support/must.h"
#include "tests/support/serial_line.h"

#include <QTemporaryDir>

#include <atomic>
#include <optional>
#include <poll.h>
#include <string>
#include <thread>

namespace enroll::test {

/// One end of a serial cable: a terminal of the system's behind a link that stays, as /dev/serial/by-path has them.
class SerialPlug {
public:
    explicit SerialPlug(std::filesystem::path link) : m_link(std::move(link)) { plugIn(); }

    void plugIn()
    {
        m_line.emplace();
        std::filesystem::remove(m_link);
        std::filesystem::create_symlink(m_line->device(), m_link);
    }
    /// Whoever has the end open sees it hang up, and its node goes.
    void unplug() { m_line.reset(); }

    [[nodiscard]] const SerialLine& line() const { return *m_line; }
    [[nodiscard]] int fd() const { return m_line ? m_line->fd() : -1; } ///< poll() passes -1 over
    [[nodiscard]] const std::filesystem::path& path() const { return m_link; }

    /// What came from whoever has the end open; nothing if nothing did.
    [[nodiscard]] Bytes read() const
    {
        std::array<std::byte, 4096> buffer{};
        const auto count = ::read(fd(), buffer.data(), buffer.size());
        return toBytes(ByteView{buffer}.first(count > 0 ? static_cast<std::size_t>(count) : 0));
    }
    /// What does not fit is lost, as on a line.
    void write(ByteView bytes) const { [[maybe_unused]] const auto count = ::write(fd(), bytes.data(), bytes.size()); }

private:
    std::filesystem::path m_link;
    std::optional<SerialLine> m_line;
};

/// A serial cable of 115,200 baud between a station and an agent, which damages what it carries as the faults say; the same
/// seed damages alike.
class SerialCable {
public:
    explicit SerialCable(LineFaults faults = {}, std::uint64_t seed = 1)
        : m_station(m_directory.filePath(QStringLiteral("station")).toStdString()),
          m_agent(m_directory.filePath(QStringLiteral("agent")).toStdString()), m_faults(faults), m_seed(seed)
    {
        carry();
    }
    ~SerialCable() { m_stop.raise(); }
    SerialCable(const SerialCable&) = delete;
    SerialCable& operator=(const SerialCable&) = delete;

    /// The station's address of the agent: "serial:///dev/…"
    [[nodiscard]] std::string address() const { return "serial://" + m_station.path().string() + "?baud=115200"; }
    /// The agent's end.
    [[nodiscard]] std::filesystem::path stationPath() const { return m_station.path(); }
    [[nodiscard]] QString agentPath() const { return QString::fromStdString(m_agent.path().string()); }

    /// How often the cable damaged something so far, since the last end was plugged.
    [[nodiscard]] std::size_t damages() const { return m_damages; }

    void unplugStation() { stopped(m_station, &SerialPlug::unplug); }
    void unplugAgent() { stopped(m_agent, &SerialPlug::unplug); }
    void plugInStation() { stopped(m_station, &SerialPlug::plugIn); }
    void plugInAgent() { stopped(m_agent, &SerialPlug::plugIn); }

private:
    using Clock = std::chrono::steady_clock;

    void carry()
    {
        m_stop.clear();
        m_thread = std::jthread{[this] { carryUntilStopped(); }};
    }
    void stopped(SerialPlug& plug, void (SerialPlug::*change)())
    {
        m_stop.raise();
        m_thread.join();
        (plug.*change)();
        carry();
    }
    void carryUntilStopped()
    {
        SimulatedLine toAgent{m_faults, m_seed};
        SimulatedLine toStation{m_faults, m_seed + 1};
        for (;;) {
            std::array<pollfd, 3> waits{pollfd{m_stop.fd(), POLLIN, 0}, pollfd{m_station.fd(), POLLIN, 0},
                                        pollfd{m_agent.fd(), POLLIN, 0}};
            const auto pause = earlier(toAgent.next(), toStation.next());
            ::ppoll(waits.data(), waits.size(), pause ? &*pause : nullptr, nullptr);
            if (waits[0].revents != 0) {
                return;
            }
            const auto now = Clock::now();
            if (waits[1].revents != 0) {
                toAgent.send(m_station.read(), now);
            }
            if (waits[2].revents != 0) {
                toStation.send(m_agent.read(), now);
            }
            m_damages = toAgent.damages() + toStation.damages();
            m_agent.write(toAgent.arrived(now));
            m_station.write(toStation.arrived(now));
        }
    }
    static std::optional<timespec> earlier(std::optional<Clock::time_point> one, std::optional<Clock::time_point> other)
    {
        if (!one && !other) {
            return std::nullopt;
        }
        const auto left =
            std::min(one.value_or(Clock::time_point::max()), other.value_or(Clock::time_point::max())) - Clock::now();
        return timespec{0, std::clamp<long>(left.count(), 0, 999'999'999)};
    }

    QTemporaryDir m_directory{QStringLiteral("/dev/shm/enroll-XXXXXX")}; ///< an address is below /dev
    SerialPlug m_station;
    SerialPlug m_agent;
    LineFaults m_faults;
    std::uint64_t m_seed;
    std::atomic<std::size_t> m_damages{0};
    system::WakeUp m_stop = must(system::WakeUp::create());
    std::jthread m_thread; // last: uses the others
};

} // namespace enroll::test
