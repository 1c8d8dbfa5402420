#include "core/base/device_code.h"
#include "core/transport/serial_requester.h"
#include "core/transport/serial_responder.h"
#include "tests/core/transport/simulated_line.h"

#include <QTest>

#include <map>

namespace enroll::test {

using namespace transport;
using namespace std::chrono_literals;
using Time = SerialRequester::Time;
using Random = std::mt19937_64;

namespace {

Bytes randomBytes(Random& random, std::size_t count)
{
    Bytes bytes(count);
    std::ranges::generate(bytes, [&random] { return static_cast<std::byte>(random() & 0xFFU); });
    return bytes;
}

/// What the TPM of this test answers: another response to each command, of 10 to \p most bytes.
Bytes responseTo(ByteView command, std::size_t most)
{
    std::uint64_t sum = 0xCBF29CE484222325;
    for (const auto byte : command) {
        sum = (sum ^ std::to_integer<std::uint64_t>(byte)) * 0x100000001B3;
    }
    Random random{sum};
    return randomBytes(random, 10 + random() % (random() % 10 == 0 ? most - 9 : 60));
}

/// An agent that runs one command at a time, and reads nothing meanwhile.
class Agent {
public:
    Agent(std::uint32_t base, std::size_t mostResponse) : m_responder(base), m_most(mostResponse) {}

    void take(ByteView bytes, Time now, SimulatedLine& toStation)
    {
        m_responder.take(bytes);
        toStation.send(m_responder.output(), now);
        runNext(now);
    }
    [[nodiscard]] std::optional<Time> busyUntil() const { return m_running ? std::optional{m_done} : std::nullopt; }
    void finish(Time now, SimulatedLine& toStation)
    {
        m_responder.respond(*m_running, responseTo(m_running->command, m_most));
        m_running.reset();
        toStation.send(m_responder.output(), now);
        runNext(now);
    }
    /// Every command that was run, in order, and how often each number of a session was.
    [[nodiscard]] const std::vector<Bytes>& commands() const { return m_commands; }
    [[nodiscard]] bool ranNoneTwice() const
    {
        return std::ranges::all_of(m_runs, [](const auto& run) { return run.second == 1; });
    }

private:
    void runNext(Time now)
    {
        while (auto event = m_responder.next()) {
            if (auto* request = std::get_if<SerialRequest>(&*event)) {
                ++m_runs[{request->session, request->sequence}];
                m_commands.push_back(request->command);
                // A hundredth of the commands make a key.
                m_done =
                    now + (m_commands.size() % 100 == 0 ? 7000ms : std::chrono::milliseconds{m_commands.size() % 40});
                m_running = std::move(*request);
                return;
            }
        }
    }

    SerialResponder m_responder;
    std::size_t m_most;
    std::map<std::pair<std::uint32_t, std::uint32_t>, int> m_runs;
    std::vector<Bytes> m_commands;
    std::optional<SerialRequest> m_running;
    Time m_done{};
};

/// A station and an agent at the two ends of a line.
class Plant {
public:
    Plant(LineFaults faults, std::uint64_t seed, std::size_t mostResponse)
        : m_toAgent(faults, seed), m_toStation(faults, seed + 1000), m_most(mostResponse),
          m_agent(std::make_unique<Agent>(static_cast<std::uint32_t>(seed * 1'000'000), mostResponse))
    {}

    Result<Bytes> connect()
    {
        m_station.emplace(++m_nonce, SerialTiming{115'200});
        m_station->connect(m_now, m_now + kPatience);
        return outcome();
    }
    Result<Bytes> request(ByteView command)
    {
        m_station->request(command, m_now, m_now + kPatience);
        return outcome();
    }
    /// Runs the line until the agent runs a command that is requested now, and starts it again in the middle of that.
    Result<Bytes> requestAndRestart(ByteView command)
    {
        const auto runs = m_agent->commands().size();
        m_station->request(command, m_now, m_now + kPatience);
        while (m_agent->commands().size() == runs) {
            step();
        }
        m_former = std::exchange(m_agent, std::make_unique<Agent>(0xFFFFFFFE, m_most));
        return outcome();
    }

    [[nodiscard]] const Agent& agent() const { return *m_agent; }
    [[nodiscard]] const Agent& former() const { return *m_former; }

private:
    static constexpr auto kPatience = 120s;

    Result<Bytes> outcome()
    {
        for (;;) {
            if (auto ended = m_station->ended(m_now)) {
                return *std::move(ended);
            }
            step();
        }
    }

    void step()
    {
        m_toAgent.send(m_station->output(m_now), m_now);
        auto wake = m_station->due();
        const auto sooner = [&wake](std::optional<Time> other) { wake = other ? std::min(wake, *other) : wake; };
        sooner(m_toStation.next());
        sooner(m_agent->busyUntil() ? m_agent->busyUntil() : m_toAgent.next());
        m_now = std::max(m_now, wake);
        if (const auto busy = m_agent->busyUntil(); busy && *busy <= m_now) {
            m_agent->finish(m_now, m_toStation);
        }
        if (!m_agent->busyUntil()) {
            m_agent->take(m_toAgent.arrived(m_now), m_now, m_toStation);
        }
        m_station->take(m_toStation.arrived(m_now), m_now);
    }

    SimulatedLine m_toAgent;
    SimulatedLine m_toStation;
    std::size_t m_most;
    std::unique_ptr<Agent> m_agent;
    std::unique_ptr<Agent> m_former;
    std::optional<SerialRequester> m_station;
    std::uint64_t m_nonce = 0;
    Time m_now{};
};

struct Line {
    LineFaults faults;
    std::size_t longest; ///< command, and response
    int exchanges;
    int leastFailures;
    int mostFailures;
};

constexpr std::array kLines{
    Line{{3, 3, 3, 3, 1000, 1000, 10'000, 1000}, 4096, 800, 0, 0},
    Line{{25, 25, 25, 25, 20'000, 20'000, 50'000, 20'000}, 4096, 400, 0, 0},
    // Every hundredth byte: a frame of a hundred bytes comes whole one time in three.
    Line{{2500, 2500, 2500, 2500, 50'000, 50'000, 100'000, 50'000}, 120, 200, 0, 0},
    // Every twenty-fifth: the time of some exchanges is over before their answer comes.
    Line{{10'000, 10'000, 10'000, 10'000, 50'000, 50'000, 100'000, 50'000}, 120, 40, 1, 39},
};

} // namespace

class TestSerialExchange : public QObject {
    Q_OBJECT
private Q_SLOTS:
    void everyAnswerIsRightAndNoCommandRunsTwice_data()
    {
        QTest::addColumn<std::size_t>("line");
        QTest::addColumn<quint64>("seed");
        for (std::size_t line = 0; line < kLines.size(); ++line) {
            for (quint64 seed = 1; seed <= 3; ++seed) {
                QTest::addRow("line %zu, seed %llu", line, seed) << line << seed;
            }
        }
    }
    void everyAnswerIsRightAndNoCommandRunsTwice()
    {
        QFETCH(const std::size_t, line);
        QFETCH(const quint64, seed);
        const auto& [faults, longest, exchanges, leastFailures, mostFailures] = kLines[line];
        Random random{seed};
        Plant plant{faults, seed, longest};
        const auto connect = [&plant] { // a new session on the same line
            auto connected = plant.connect();
            for (int tries = 1; !connected && connected.error().code == DeviceCode::NoTpmAnswers && tries < 10;
                 ++tries) {
                connected = plant.connect();
            }
            return connected.ok();
        };
        QVERIFY(connect());
        int failures = 0;
        std::vector<Bytes> sent;
        for (int i = 0; i < exchanges; ++i) {
            sent.push_back(randomBytes(random, 10 + random() % (random() % 10 == 0 ? longest - 9 : 60)));
            const auto response = plant.request(sent.back());
            if (response) {
                QCOMPARE(*response, responseTo(sent.back(), longest));
                QCOMPARE(plant.agent().commands().back(), sent.back());
                continue;
            }
            QCOMPARE(response.error().code, ErrorCode{DeviceCode::TpmTimedOut});
            ++failures;
            QVERIFY(connect());
        }
        QVERIFY(plant.agent().ranNoneTwice());
        QVERIFY2(failures >= leastFailures && failures <= mostFailures, qPrintable(QString::number(failures)));
        // What was run is what was sent, in that order, but for commands that never came.
        auto next = sent.begin();
        for (const auto& command : plant.agent().commands()) {
            next = std::find(next, sent.end(), command);
            QVERIFY(next != sent.end());
            ++next;
        }
        QVERIFY(plant.agent().commands().size() + static_cast<std::size_t>(failures) >= sent.size());
    }

    void anAgentThatWasStartedAgainRunsNothingOfTheSession()
    {
        Plant plant{{}, 1, 100};
        QVERIFY(plant.connect().ok());
        QVERIFY(plant.request(asBytes("before")).ok());
        const auto response = plant.requestAndRestart(asBytes("under way"));
        QVERIFY(!response.ok());
        QCOMPARE(response.error().code, ErrorCode{DeviceCode::NoTpmAnswers});
        QVERIFY(QByteArray::fromStdString(response.error().what).contains("started again"));
        QCOMPARE(plant.former().commands().size(), std::size_t{2});
        QVERIFY(plant.agent().commands().empty());

        const auto later = plant.request(asBytes("later"));
        QVERIFY(!later.ok());
        QVERIFY(plant.agent().commands().empty());

        QVERIFY(plant.connect().ok()); // a new run begins a new session
        QCOMPARE(plant.request(asBytes("anew")).value(), responseTo(asBytes("anew"), 100));
    }
};

} // namespace enroll::test

QTEST_GUILESS_MAIN(enroll::test::TestSerialExchange)
#include "tst_serial_exchange.moc"
