// The Run screen of 32 slots while all of them test and somebody types: how long the event loop lets others wait, and how
// long a key takes to its pixel; beside the wall clock the GUI thread's own time, which other programs cannot lengthen.
// Prints times beside their limits; judges nothing.

#include "tests/bench/bench_kit.h"
#include "tests/ui/station_window.h"

#include <condition_variable>
#include <ctime>
#include <mutex>
#include <thread>

namespace {

using namespace enroll;
using Clock = std::chrono::steady_clock;

constexpr int kSlots = 32;
constexpr int kRounds = 6; // the first is not counted
constexpr int kLeastKeys = 40;
constexpr std::chrono::milliseconds kBeat{5};
constexpr double kMostOfATurn = 50;
constexpr double kMostToAPixel = 20;

double threadMilliseconds()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

/// Milliseconds by both clocks.
struct Times {
    std::vector<double> wall;
    std::vector<double> own;

    void add(double byWall, double byOwn)
    {
        wall.push_back(byWall);
        own.push_back(byOwn);
    }
};

/// Asks the GUI thread every few milliseconds from another thread, and notes when it answers: no turn of the event loop
/// takes longer than the longest answer.
class Heartbeat {
public:
    Heartbeat() : m_thread([this](const std::stop_token& stop) { beat(stop); }) {}

    /// How long the answers took, since the last call, in milliseconds. For the GUI thread, as the answers are.
    [[nodiscard]] std::vector<double> take() { return std::exchange(m_delays, {}); }

private:
    void beat(const std::stop_token& stop)
    {
        std::mutex mutex;
        std::condition_variable_any wait;
        std::unique_lock lock(mutex);
        while (!wait.wait_for(lock, stop, kBeat, [&] { return stop.stop_requested(); })) {
            QMetaObject::invokeMethod(
                &m_place,
                [this, asked = Clock::now()] { m_delays.push_back(bench::milliseconds(Clock::now() - asked)); },
                Qt::QueuedConnection);
        }
    }

    QObject m_place;
    std::vector<double> m_delays;
    std::jthread m_thread;
};

/// Notices when a widget is painted.
class PaintWatch final : public QObject {
public:
    explicit PaintWatch(QWidget& widget) { widget.installEventFilter(this); }
    bool eventFilter(QObject* /*watched*/, QEvent* event) override
    {
        m_painted = m_painted || event->type() == QEvent::Paint;
        return false;
    }
    [[nodiscard]] bool take() { return std::exchange(m_painted, false); }

private:
    bool m_painted = false;
};

bool tests(const test::Station& station)
{
    return !station.controller->idle();
}

/// A key that is typed into the entry, until the entry is painted with it.
void typeAKey(test::Station& station, PaintWatch& paints, Times& keys)
{
    QApplication::processEvents(QEventLoop::WaitForMoreEvents);
    std::ignore = paints.take();
    const auto start = Clock::now();
    const auto own = threadMilliseconds();
    QTest::keyClick(station.entry(), Qt::Key_G);
    while (!paints.take()) {
        QApplication::processEvents(QEventLoop::WaitForMoreEvents);
    }
    keys.add(bench::milliseconds(Clock::now() - start), threadMilliseconds() - own);
}

/// Every slot gets a serial and is started; while they test, somebody types.
void round(test::Station& station, PaintWatch& paints, Times& keys)
{
    station.fillAll();
    station.press(Qt::Key_F4);
    for (int typed = 0; tests(station) || typed < kLeastKeys; ++typed) {
        typeAKey(station, paints, keys);
        station.entry()->clear();
    }
}

void print(const char* name, std::vector<double> values, double limit)
{
    std::ranges::sort(values);
    const auto last = values.size() - 1;
    std::printf("%-34s%8.2f ms median %8.2f ms at 99 %% %8.2f ms most  (limit %.0f; %zu)\n", name, values[last / 2],
                values[last * 99 / 100], values[last], limit, values.size());
}

} // namespace

int main(int argc, char** argv)
{
    const QApplication application(argc, argv);
    test::Station station(kSlots);
    station.window->resize(1920, 1080);
    Heartbeat heartbeat;
    PaintWatch paints(*station.entry());
    Times keys;
    for (int number = 0; number < kRounds; ++number) {
        round(station, paints, keys);
        if (number == 0) {
            std::ignore = heartbeat.take();
            keys = {};
        }
    }
    print("the event loop answers", heartbeat.take(), kMostOfATurn);
    print("key to pixel, wall clock", keys.wall, kMostToAPixel);
    print("key to pixel, the thread's own", keys.own, kMostToAPixel);
    return 0;
}
