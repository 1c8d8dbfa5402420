#include "tests/core/station/open_worlds.h"
#include "tests/core/station/person_acts.h"

#include <QTest>

#include <random>

using namespace enroll;
using namespace enroll::station;
using namespace enroll::test;
using enrollment::PairingRule;
using enrollment::SerialNumber;
using enrollment::SlotNumber;
using enrollment::StartRule;
using std::chrono::seconds;

namespace {

/// Tells worlds apart quickly; equal keys are compared as a whole.
std::string keyOf(const World& world)
{
    std::string key = world.board.inHand() ? world.board.inHand()->text() : "-";
    for (const auto slot : kFixture) {
        const auto serial = serialOf(world.board.state(slot));
        key += std::to_string(world.board.state(slot).index()) + (serial ? serial->text() : "-");
        key += std::to_string(static_cast<int>(world.board.presence(slot)));
        key += world.board.doubted(slot) ? '?' : ' ';
        key += world.board.unnamed(slot) ? 'u' : ' ';
        key += world.in(slot) ? std::to_string(*world.in(slot)) : "-";
        const auto sample = world.sampled ? world.sampled->found.at(slot) : false;
        key += sample ? '1' : '0';
    }
    key += world.hands ? std::to_string(*world.hands) : "-";
    key += world.scanned ? 's' : ' ';
    return key + std::to_string(world.board.target({}).value_or(SlotNumber{}).value) +
           std::to_string(world.looked.time_since_epoch().count());
}

/// Worlds in the order of how many events they need, each with every event, until \p most were seen.
class Walk {
public:
    Walk(PairingRule pairing, StartRule start, std::size_t most)
        : m_fresh(boardOf(pairing, start)), m_events(everyEvent(m_fresh)), m_open(keyOf, most)
    {
        begin({});
        begin({"looks"});
        begin({"looks", "scan A1", "look", "put A1", "looks", "start 1", "end 1 0", "looks"});
        begin({"looks", "scan A1", "look", "put A1", "looks", "start 1", "end 1 1", "scan B2", "look", "put B2",
               "looks", "start 2", "end 2 0", "looks"});
        begin({"looks", "put A1", "put beside B2", "looks"});
        begin({"looks", "scan A1", "scan B2", "look"});
        begin({"looks", "scan A1", "look", "put A1", "looks", "start 1", "take out 1", "end 1 0", "looks", "scan B2",
               "look", "put A1", "looks"});
        for (const auto* other : {"look", "scan B2", "misread B"}) { // while A is tested, and pulled out in the middle
            begin({"looks", "scan A1", "look", "put A1", "looks", "start 1", other, "take out 1", "end 1 0", "look"});
            begin({"looks", "scan A1", "look", "put A1", "looks", "start 1", other, "take out 1", "end 1 0", "looks"});
        }
        begin({"looks", "scan A1", "look", "put A1", "looks", "start 1", "take out 1", "end 1 0", "looks", "scan A2",
               "look", "put A2", "looks", "start 2", "take out 2", "end 2 0", "looks"});
    }

    /// The first way to a wrong device; empty if there is none.
    std::string run()
    {
        while (!m_open.empty()) {
            const auto before = m_open.next();
            for (const auto& event : m_events) {
                if (!event.may(before.world)) {
                    continue;
                }
                auto after = stepped(before, event);
                ++m_steps;
                m_depth = std::max(m_depth, ++after.depth);
                if (!after.world.wrong.empty()) {
                    return after.way + ": " + after.world.wrong;
                }
                m_open.add(std::move(after));
            }
        }
        return {};
    }

    /// As run(), but far from where it began: so many ways, of so many events each that \p random chooses.
    std::string wander(std::mt19937& random, int ways, int events)
    {
        for (int way = 0; way < ways; ++way) {
            Step step{World{m_fresh, {}, {}}, {}};
            for (int left = events; left > 0; --left) {
                std::vector<const Event*> possible;
                for (const auto& event : m_events) {
                    if (event.may(step.world)) {
                        possible.push_back(&event);
                    }
                }
                step = stepped(step, *possible.at(random() % possible.size()));
                if (!step.world.wrong.empty()) {
                    return step.way + ": " + step.world.wrong;
                }
            }
        }
        return {};
    }

    [[nodiscard]] std::size_t worlds() const { return m_open.count(); }
    [[nodiscard]] std::size_t steps() const { return m_steps; }
    [[nodiscard]] int depth() const { return m_depth; }

private:
    struct Step {
        World world;
        std::string way;
        int depth = 0;
        explicit operator const World&() const { return world; }
    };

    static Step stepped(const Step& before, const Event& event)
    {
        auto after = before;
        event.act(after.world);
        after.way += (after.way.empty() ? "" : ", ") + event.name;
        return after;
    }
    /// A world that these events lead to, as far as they are possible, is where all sequences begin, too.
    void begin(const std::vector<std::string>& names)
    {
        Step step{World{m_fresh, {}, {}}, {}};
        for (const auto& name : names) {
            const auto event = std::ranges::find(m_events, name, &Event::name);
            QVERIFY2(event != m_events.end(), name.c_str());
            step = event->may(step.world) ? stepped(step, *event) : step;
        }
        m_open.add(std::move(step));
    }
    SlotBoard m_fresh;
    std::vector<Event> m_events;
    test::OpenWorlds<Step, World> m_open;
    std::size_t m_steps = 0;
    int m_depth = 0;
};

} // namespace

/// No run that starts by itself, or by a key for all slots, tests a device under the serial number of another one.
class RightDeviceTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void noSequenceOfEventsTestsAnotherDevice_data() { addRules(); }
    void noLongSequenceOfEventsTestsAnotherDevice_data() { addRules(); }
    void noLongSequenceOfEventsTestsAnotherDevice()
    {
        QFETCH(const PairingRule, pairing);
        QFETCH(const StartRule, start);
        const auto more = std::max(qEnvironmentVariableIntValue("ENROLL_WAYS"), 1);
        std::mt19937 random(static_cast<unsigned>(qEnvironmentVariableIntValue("ENROLL_SEED")));
        const auto wrong = Walk(pairing, start, 0).wander(random, 500 * more, 40);
        QVERIFY2(wrong.empty(), wrong.c_str());
    }
    void noSequenceOfEventsTestsAnotherDevice()
    {
        QFETCH(const PairingRule, pairing);
        QFETCH(const StartRule, start);
        const auto most = qEnvironmentVariableIntValue("ENROLL_WORLDS");
        Walk walk(pairing, start, most > 0 ? static_cast<std::size_t>(most) : 2'000);
        const auto wrong = walk.run();
        qInfo("%zu worlds, %zu steps, %d events deep", walk.worlds(), walk.steps(), walk.depth());
        QVERIFY2(wrong.empty(), wrong.c_str());
    }

private:
    static void addRules()
    {
        QTest::addColumn<PairingRule>("pairing");
        QTest::addColumn<StartRule>("start");
        for (const auto& [word, pairing] : enrollment::kPairingWords) {
            for (const auto& [startWord, start] : enrollment::kStartWords) {
                if (pairing == PairingRule::Insert || start != StartRule::Key) { // else no slot senses a device
                    QTest::addRow("%s, %s", word.data(), startWord.data()) << pairing << start;
                }
            }
        }
    }
};

QTEST_APPLESS_MAIN(RightDeviceTest)
#include "tst_right_device.moc"
