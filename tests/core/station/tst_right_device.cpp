#include "core/base/device_code.h"
#include "core/base/hold_code.h"
#include "tests/core/station/one_person.h"
#include "tests/core/station/open_worlds.h"

#include <QTest>

#include <functional>

using namespace enroll;
using namespace enroll::station;
using namespace enroll::test;
using enrollment::PairingRule;
using enrollment::SerialNumber;
using enrollment::SlotNumber;
using enrollment::StartRule;
using std::chrono::seconds;

namespace {

struct Event {
    std::string name;
    std::function<bool(const World&)> may;
    std::function<void(World&)> act;
};

bool always(const World&)
{
    return true;
}

template <class S>
bool shows(const World& world, SlotNumber slot)
{
    return std::holds_alternative<S>(world.board.state(slot));
}

/// The slots whose tiles ask for a scan of that label.
std::vector<SlotNumber> askingFor(const World& world, const SerialNumber& label)
{
    std::vector<SlotNumber> asking;
    std::ranges::copy_if(kFixture, std::back_inserter(asking), [&](SlotNumber slot) {
        const auto& state = world.board.state(slot);
        return asksForScan(state) && serialOf(state) == label;
    });
    return asking;
}

/// A label that tiles ask for is for one of them.
void scanLabel(World& world, const SerialNumber& label, std::optional<SlotNumber> chosen)
{
    if (world.sampled) {
        world.sampled->afterScan = false;
    }
    const bool isElsewhere = world.board.slotOf(label) || world.board.inHand();
    const auto asking = chosen || isElsewhere ? std::vector<SlotNumber>{} : askingFor(world, label);
    const auto bound = world.board.bind(label, chosen, world.now());
    if (!asking.empty() && !(bound.ok() && bound->slot && std::ranges::find(asking, *bound->slot) != asking.end())) {
        world.wrong = label.text() + " was asked for and not taken";
    }
    world.startDue();
}

Event scanOf(int device, std::optional<SlotNumber> chosen)
{
    const auto name = "scan " + labelOf(device).text() + (chosen ? std::to_string(chosen->value) : "");
    return {name, [device](const World& world) { return world.mayTake(device); },
            [device, chosen](World& world) {
                world.turnTo(device);
                world.scanned = true; // for the person, also if it was refused
                world.tested = false;
                scanLabel(world, labelOf(device), chosen);
            }};
}

/// Somebody else sees a tile that asks for a label, and scans it, wherever its device is. Whoever has another one in hand
/// sees that this label is the latest, and scans again.
Event answerOf(int device)
{
    return {"answer " + labelOf(device).text(),
            [device](const World& world) { return !askingFor(world, labelOf(device)).empty(); },
            [device](World& world) {
                world.scanned = world.hands == device || (world.scanned && world.hands && world.isIn(*world.hands));
                world.tested = world.tested && world.hands != device;
                scanLabel(world, labelOf(device), {});
            }};
}

/// The code was none, or of another product: the board never sees it.
Event misreadOf(int device)
{
    return {"misread " + labelOf(device).text(), [device](const World& world) { return world.mayTake(device); },
            [device](World& world) {
                world.turnTo(device);
                world.scanned = true;
                world.tested = false;
                world.board.scanRefused();
            }};
}

/// Another serial number waits there, or is in hand: the station asks for that device.
bool asksForAnother(const World& world, int device, SlotNumber slot)
{
    const auto waiting = shows<SlotReady>(world, slot) ? serialOf(world.board.state(slot)) : world.board.inHand();
    return waiting && waiting != labelOf(device);
}

Event putOf(int device, SlotNumber slot)
{
    return {"put " + labelOf(device).text() + std::to_string(slot.value),
            [device, slot](const World& world) {
                const bool first = world.hands != device || !world.scanned; // and its scan comes next
                return !world.in(slot) && !world.isIn(device) && world.mayTake(device) &&
                       !shows<SlotRunning>(world, slot) && !(first && asksForAnother(world, device, slot));
            },
            [device, slot](World& world) {
                world.turnTo(device);
                world.in(slot) = device;
            }};
}

bool isCaughtUp(const World& world)
{
    return std::ranges::all_of(kFixture, [&](SlotNumber slot) {
        return world.in(slot).has_value() == (world.board.presence(slot) == Presence::Present);
    });
}

enrollment::AttestationRun runOf(const World& world, SlotNumber slot, Outcome outcome)
{
    enrollment::AttestationRun run;
    run.serialNumber = *serialOf(world.board.state(slot));
    run.outcome = outcome;
    run.tpm.emplace();
    if (!world.in(slot)) {
        run.code = DeviceCode::DeviceRemoved;
        run.outcome = Outcome::Aborted;
    } else if (outcome == Outcome::Aborted) {
        run.code = DeviceCode::Cancelled;
    } else if (outcome == Outcome::Hold) {
        run.code = HoldCode::SerialHasOtherEk; // its label is asked for again
    }
    return run;
}

enum class Memory { Kept, Unreadable, Gone };

std::optional<KeptTest> keptOf(const SlotState& state)
{
    const auto serial = serialOf(state);
    const auto* unknown = std::get_if<SlotUnknown>(&state);
    const auto* finished = std::get_if<SlotFinished>(&state);
    const auto runId = finished != nullptr ? std::optional{finished->run.runId} : std::nullopt;
    return unknown != nullptr ? std::optional{unknown->test}
           : serial           ? std::optional{KeptTest{serial, {}, runId}}
                              : std::nullopt;
}

/// A station that knows of no label which was scanned before shows none: whoever has a device in hand scans it again.
void forgetLabel(World& world)
{
    world.scanned = world.scanned && world.hands && world.isIn(*world.hands);
    world.tested = true; // so it is once the device is taken out
}

void restart(World& world, Memory memory, const SlotBoard& fresh)
{
    auto board = fresh;
    bool knowsLabel = false;
    for (const auto slot : kFixture) {
        const auto& before = world.board.state(slot);
        const auto test = memory == Memory::Unreadable ? std::optional{KeptTest{}} : keptOf(before);
        if (memory == Memory::Gone || !test) {
            continue;
        }
        board.apply(slot, TestKept{*test});
        knowsLabel = knowsLabel || !test->runId;
        const auto* finished = std::get_if<SlotFinished>(&before);
        if (memory == Memory::Kept) {
            finished != nullptr ? board.apply(slot, TestFound{finished->run}) : board.apply(slot, TestNotFound{});
        }
    }
    world.board = std::move(board);
    world.sampled.reset();
    if (!knowsLabel) {
        forgetLabel(world);
    }
}

void addLooks(std::vector<Event>& events)
{
    static constexpr seconds kOutage = SlotDevices::kGone - seconds{1};
    events.push_back({"look", always, [](World& world) { world.look(world.seen()); }});
    events.push_back({"looks", always, [](World& world) { world.lookFor(2 * SlotDevices::kGone, world.seen()); }});
    events.push_back({"begin look", [](const World& world) { return !world.sampled; },
                      [](World& world) { world.sampled = Sampled{world.seen()}; }});
    events.push_back({"end look", [](const World& world) { return world.sampled.has_value(); },
                      [](World& world) {
                          const auto sampled = *std::exchange(world.sampled, std::nullopt);
                          world.look(sampled.found, sampled.afterScan);
                      }});
    events.push_back({"outage", isCaughtUp, [](World& world) {
                          world.lookFor(kOutage, {{kFixture[0], false}, {kFixture[1], false}});
                          world.look(world.seen());
                      }});
    for (const auto slot : kFixture) {
        events.push_back({"blip " + std::to_string(slot.value),
                          [slot](const World& world) { return world.in(slot).has_value() && isCaughtUp(world); },
                          [slot](World& world) {
                              auto found = world.seen();
                              found[slot] = false;
                              world.lookFor(seconds{2}, found);
                              world.look(world.seen());
                          }});
    }
    events.push_back({"late", [](const World& world) { return world.era == 0; },
                      [](World& world) {
                          world.lookFor(2 * SlotDevices::kGone, world.seen());
                          ++world.era;
                          world.board.late(world.now());
                      }});
}

void addKeys(std::vector<Event>& events, SlotNumber slot)
{
    const auto name = [slot](const char* what) { return what + std::to_string(slot.value); };
    events.push_back({name("take out "), [slot](const World& world) { return world.in(slot).has_value(); },
                      [slot](World& world) {
                          world.scanned = world.scanned && !(world.tested && world.in(slot) == world.hands);
                          world.in(slot).reset();
                      }});
    events.push_back({name("start "),
                      [slot](const World& world) {
                          return shows<SlotReady>(world, slot) && world.in(slot) &&
                                 labelOf(*world.in(slot)) == serialOf(world.board.state(slot));
                      },
                      [slot](World& world) { world.start(slot, false); }});
    events.push_back(
        {name("acknowledge "), always, [slot](World& world) { static_cast<void>(world.board.acknowledge(slot)); }});
    events.push_back({name("take back "), always, [slot](World& world) { world.board.takeBack(slot); }});
    for (const auto outcome : {Outcome::Pass, Outcome::Fail, Outcome::Hold, Outcome::Aborted}) {
        events.push_back({name("end ") + " " + std::to_string(static_cast<int>(outcome)),
                          [slot](const World& world) { return shows<SlotRunning>(world, slot); },
                          [slot, outcome](World& world) {
                              world.board.apply(slot, RunFinished{runOf(world, slot, outcome)});
                              world.startDue();
                          }});
    }
}

std::vector<Event> everyEvent(const SlotBoard& fresh)
{
    std::vector<Event> events;
    for (int device = 0; device < kDevices; ++device) {
        events.push_back(scanOf(device, {}));
        events.push_back(answerOf(device));
        events.push_back(misreadOf(device));
        for (const auto slot : kFixture) {
            events.push_back(scanOf(device, slot));
            events.push_back(putOf(device, slot));
        }
    }
    for (const auto slot : kFixture) {
        addKeys(events, slot);
    }
    addLooks(events);
    events.push_back({"drop", always, [](World& world) { world.board.dropHand(); }});
    events.push_back({"start all", isCaughtUp, [](World& world) {
                          const auto leftOut = world.board.leftOut();
                          for (const auto slot : world.board.ready()) {
                              if (std::ranges::find(leftOut, slot) == leftOut.end()) {
                                  world.start(slot, true);
                              }
                          }
                      }});
    for (const auto memory : {Memory::Kept, Memory::Unreadable, Memory::Gone}) {
        events.push_back({"restart " + std::to_string(static_cast<int>(memory)), always,
                          [memory, fresh](World& world) { restart(world, memory, fresh); }});
    }
    return events;
}

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
    void noSequenceOfEventsTestsAnotherDevice_data()
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
    void noSequenceOfEventsTestsAnotherDevice()
    {
        QFETCH(const PairingRule, pairing);
        QFETCH(const StartRule, start);
        const auto most = qEnvironmentVariableIntValue("ENROLL_WORLDS");
        Walk walk(pairing, start, most > 0 ? static_cast<std::size_t>(most) : 2'000);
        const auto wrong = walk.run();
        qInfo("%zu worlds, %zu steps, %d events deep", walk.worlds(), walk.steps(), walk.depth());
        QCOMPARE(QString::fromStdString(wrong), QString{});
    }
};

QTEST_APPLESS_MAIN(RightDeviceTest)
#include "tst_right_device.moc"
