#include "core/base/device_code.h"
#include "core/base/scan_code.h"
#include "core/station/slot_board.h"
#include "tests/core/station/open_worlds.h"

#include <QTest>

#include <functional>

using namespace enroll;
using namespace enroll::station;
using enrollment::PairingRule;
using enrollment::SerialNumber;
using enrollment::SlotNumber;

namespace {

constexpr std::array kSerials{"A", "B", "C"};

using Chosen = std::optional<SlotNumber>;

/// What an event did beside the change of the board.
struct Told {
    std::optional<SlotNumber> bound;
    std::optional<SerialNumber> gone; ///< named as given way or taken back
    std::optional<ErrorCode> refused;
};

struct Event {
    std::string name;
    std::optional<SerialNumber> scanned = {};
    Chosen chosen = {};
    std::optional<SlotNumber> slot = {}; ///< for all but scans
    std::function<Told(SlotBoard&)> act;
};

Event scanOf(const char* text, Chosen chosen)
{
    const SerialNumber serial{text};
    auto name = "scan " + serial.text() + (chosen ? " for " + std::to_string(chosen->value) : std::string{});
    return {std::move(name), serial, chosen, {}, [serial, chosen](SlotBoard& board) -> Told {
                const auto bound = board.bind(serial, chosen);
                return bound.ok() ? Told{bound->slot, bound->gaveWay, {}} : Told{{}, {}, bound.error().code};
            }};
}

Event endOf(SlotNumber slot, Outcome outcome, std::optional<ErrorCode> code = {})
{
    const auto name = "end " + std::to_string(slot.value) + " " + std::string{outcomeText(outcome)};
    return {name, {}, {}, slot, [slot, outcome, code](SlotBoard& board) -> Told {
                enrollment::AttestationRun run;
                run.serialNumber = serialOf(board.state(slot)).value_or(SerialNumber{""});
                run.outcome = outcome;
                run.code = code;
                board.apply(slot, RunFinished{run});
                return {};
            }};
}

template <class E>
Event eventOf(const char* what, SlotNumber slot, E event)
{
    return {what + std::to_string(slot.value), {}, {}, slot, [slot, event](SlotBoard& board) -> Told {
                board.apply(slot, event);
                return {};
            }};
}

/// \p pulledOut: with the test that ends because its device was pulled out, whose tile asks for another scan.
std::vector<Event> everyEvent(int slots, bool pulledOut)
{
    std::vector<Event> events;
    for (const auto* serial : kSerials) {
        events.push_back(scanOf(serial, {}));
        for (int slot = 1; slot <= slots; ++slot) {
            events.push_back(scanOf(serial, SlotNumber{slot}));
        }
    }
    for (int number = 1; number <= slots; ++number) {
        const SlotNumber slot{number};
        events.push_back(eventOf("start ", slot, RunStarted{}));
        events.push_back(endOf(slot, Outcome::Pass));
        events.push_back(endOf(slot, Outcome::Fail));
        events.push_back({"take back " + std::to_string(number), {}, {}, slot, [slot](SlotBoard& board) -> Told {
                              return {{}, board.takeBack(slot), {}};
                          }});
    }
    events.push_back(eventOf("rejected ", SlotNumber{1}, RecordJudged{true}));
    for (int slot = 1; pulledOut && slot <= slots; ++slot) {
        events.push_back(endOf(SlotNumber{slot}, Outcome::Aborted, DeviceCode::DeviceRemoved));
    }
    return events;
}

bool isFail(const SlotState& state)
{
    const auto* finished = std::get_if<SlotFinished>(&state);
    return finished != nullptr && finished->run.outcome != Outcome::Pass;
}

bool isEmpty(const SlotState& state)
{
    return std::holds_alternative<SlotEmpty>(state);
}

int slotsThatTest(const SlotBoard& board, const SerialNumber& serial)
{
    const auto slots = board.slots();
    return static_cast<int>(std::ranges::count_if(slots, [&](SlotNumber slot) {
        const auto& state = board.state(slot);
        return !std::holds_alternative<SlotFinished>(state) && serialOf(state) == serial;
    }));
}

bool asksFor(const SlotState& state, const SerialNumber& serial)
{
    const auto* finished = std::get_if<SlotFinished>(&state);
    return finished != nullptr && finished->run.code == DeviceCode::DeviceRemoved &&
           finished->run.serialNumber == serial;
}

/// The slot that a scan is for before any mark: that which somebody chose, or whose tile asks for it.
Chosen meantBy(const SlotBoard& before, const Event& event)
{
    if (event.chosen || !event.scanned || before.slotOf(*event.scanned)) {
        return event.chosen;
    }
    const auto slots = before.slots();
    const auto asking =
        std::ranges::find_if(slots, [&](SlotNumber slot) { return asksFor(before.state(slot), *event.scanned); });
    return asking == slots.end() ? std::nullopt : Chosen{*asking};
}

/// What may never happen, whatever was done before. Returns what did; empty if nothing.
std::string faultOf(const SlotBoard& before, const Event& event, const Told& told, const SlotBoard& after)
{
    for (const auto* text : kSerials) {
        const SerialNumber serial{text};
        if (slotsThatTest(after, serial) > 1) {
            return serial.text() + " is in two slots";
        }
        const auto had = before.slotOf(serial);
        const auto ended = had && std::holds_alternative<SlotRunning>(before.state(*had)) && event.slot == had;
        if (had && !ended && !after.slotOf(serial) && told.gone != serial) {
            return serial.text() + " was lost and nobody was told";
        }
        if (had && after.slotOf(serial) && after.slotOf(serial) != had) {
            return serial.text() + " changed its slot";
        }
    }
    for (const auto* text : kSerials) {
        const SerialNumber serial{text};
        const auto slots = after.slots();
        const auto asking =
            std::ranges::count_if(slots, [&](SlotNumber slot) { return asksFor(after.state(slot), serial); });
        if (asking > (after.slotOf(serial) ? 0 : 1)) {
            return serial.text() + " is asked for by a tile, and has a slot or is asked for by another one";
        }
    }
    for (const auto slot : after.slots()) {
        const auto isAnswered = event.scanned && told.bound && asksFor(before.state(slot), *event.scanned);
        const auto mayChange = event.slot == slot || told.bound == slot || isAnswered;
        if (!mayChange && after.state(slot) != before.state(slot)) {
            return "slot " + std::to_string(slot.value) + " changed, and the event was about another";
        }
        const auto isMeant = isAnswered || meantBy(before, event) == slot;
        if (isFail(before.state(slot)) && !isFail(after.state(slot)) && !isMeant) {
            return "a result was wiped away by somebody who did not mean its slot";
        }
    }
    if (told.refused && after != before) {
        return "a refused scan changed something";
    }
    return {};
}

/// A serial number goes where the person who scanned it was told to put its device.
std::string misplaced(const SlotBoard& before, const Event& event, const Told& told, const SlotBoard& after)
{
    const auto meant = meantBy(before, event);
    if (event.scanned && meant && !event.chosen && !told.bound) {
        return "a tile asked for a scan that was not taken";
    }
    if (!event.scanned || !told.bound) {
        return {};
    }
    if (const auto* ready = std::get_if<SlotReady>(&after.state(*told.bound));
        ready == nullptr || ready->serial != *event.scanned) {
        return "the slot that was named does not have the serial";
    }
    constexpr auto kNowhere = "it went to a slot that nobody chose and nothing marked";
    if (before.slotOf(*event.scanned) == told.bound) {
        return {};
    }
    if (event.chosen && std::holds_alternative<SlotRunning>(before.state(*event.chosen))) {
        return kNowhere;
    }
    return told.bound == (meant ? meant : before.target({})) ? std::string{} : kNowhere;
}

std::string markFault(const SlotBoard& before, const SlotBoard& after)
{
    const auto next = after.target({});
    if (after.rule() == PairingRule::SlotThenSerial) {
        return next ? "a slot is marked though only a person chooses" : std::string{};
    }
    if (next && (slotsIn<SlotReady>({{*next, after.state(*next)}}).size() == 1 || isFail(after.state(*next)) ||
                 std::holds_alternative<SlotRunning>(after.state(*next)))) {
        return "the mark is on a slot that is not free";
    }
    const auto was = before.target({});
    if (was && isEmpty(before.state(*was)) && isEmpty(after.state(*was)) && next != was) {
        return "the mark left a slot that is free";
    }
    const auto slots = after.slots();
    if (!next && std::ranges::any_of(slots, [&](SlotNumber slot) { return isEmpty(after.state(slot)); })) {
        return "a slot is empty, and none is marked";
    }
    return {};
}

/// Tells boards apart quickly; equal keys are compared as a whole.
std::string keyOf(const SlotBoard& board)
{
    std::string key = std::to_string(board.target({}).value_or(SlotNumber{}).value);
    for (const auto slot : board.slots()) {
        const auto& state = board.state(slot);
        const auto serial = serialOf(state);
        key += std::to_string(state.index()) + (serial ? serial->text() : std::string{});
        if (const auto* finished = std::get_if<SlotFinished>(&state)) {
            key += finished->run.outcome == Outcome::Pass ? '+' : finished->run.code ? '?' : '-';
            key += finished->recordRejected ? 'r' : ' ';
        }
    }
    return key;
}

/// Every board that any sequence of events reaches, each with every event.
class Walk {
public:
    Walk(PairingRule rule, int slots, bool pulledOut) : m_events(everyEvent(slots, pulledOut))
    {
        std::vector<SlotNumber> fixture;
        for (int slot = 1; slot <= slots; ++slot) {
            fixture.push_back({slot});
        }
        m_open.add(SlotBoard{fixture, rule});
    }

    /// The first fault, with the board that it began with; empty if there is none.
    std::string run()
    {
        while (!m_open.empty()) {
            const auto before = m_open.next();
            for (const auto& event : m_events) {
                auto after = before;
                const auto told = event.act(after);
                for (const auto& fault : {faultOf(before, event, told, after), misplaced(before, event, told, after),
                                          markFault(before, after)}) {
                    if (!fault.empty()) {
                        return keyOf(before) + ", " + event.name + ": " + fault;
                    }
                }
                m_open.add(std::move(after));
            }
        }
        return {};
    }

    [[nodiscard]] std::size_t boards() const { return m_open.count(); }

private:
    std::vector<Event> m_events;
    test::OpenWorlds<SlotBoard> m_open{keyOf};
};

} // namespace

class PairingTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void noSequenceOfEventsBreaksARule_data()
    {
        QTest::addColumn<PairingRule>("rule");
        QTest::addColumn<int>("slots");
        QTest::addColumn<bool>("pulledOut");
        QTest::newRow("next-slot") << PairingRule::NextSlot << 3 << false;
        QTest::newRow("slot-then-serial") << PairingRule::SlotThenSerial << 3 << false;
        QTest::newRow("next-slot, a device is pulled out") << PairingRule::NextSlot << 2 << true;
        QTest::newRow("slot-then-serial, a device is pulled out") << PairingRule::SlotThenSerial << 2 << true;
    }
    void noSequenceOfEventsBreaksARule()
    {
        QFETCH(PairingRule, rule);
        QFETCH(int, slots);
        QFETCH(bool, pulledOut);
        Walk walk(rule, slots, pulledOut);
        QCOMPARE(QString::fromStdString(walk.run()), QString{});
        QVERIFY(walk.boards() > 500); // it went somewhere
    }

    void slotThenSerialAsksForASlot()
    {
        SlotBoard board{{{1}, {2}, {3}}, PairingRule::SlotThenSerial};
        QVERIFY(!board.target({}));
        const auto refused = board.bind(SerialNumber{"A"}, {});
        QVERIFY(refused.error().code == ScanCode::NoSlotChosen);
        QCOMPARE(QString::fromStdString(refused.error().subject), QStringLiteral("A"));
        QCOMPARE(board.bind(SerialNumber{"A"}, SlotNumber{2})->slot->value, 2);
        QCOMPARE(board.bind(SerialNumber{"A"}, {})->slot->value, 2); // the same label again
    }

    /// The person sends the device there, and the mark would send its serial number elsewhere.
    void noRuleReplacesAChosenSlotThatRuns()
    {
        for (const auto& [word, rule] : enrollment::kPairingWords) {
            if (rule == enrollment::PairingRule::DeviceSerial) { // no device says "A" here: tst_announced_serials
                continue;
            }
            for (const auto& slots : {std::vector<SlotNumber>{{1}}, std::vector<SlotNumber>{{1}, {2}}}) {
                SlotBoard board{slots, rule};
                QVERIFY(board.bind(SerialNumber{"A"}, SlotNumber{1}).ok());
                board.apply({1}, RunStarted{});
                QVERIFY(!board.target(SlotNumber{1}));
                const auto refused = board.bind(SerialNumber{"B"}, SlotNumber{1});
                QVERIFY(!refused.ok() && refused.error().code == ScanCode::ChosenSlotRuns);
                QVERIFY(!board.slotOf(SerialNumber{"B"}));
            }
        }
    }

    void slotThenSerialTakesNoSlotThatIsNotThere()
    {
        SlotBoard board{{{1}, {2}}, PairingRule::SlotThenSerial};
        QVERIFY(board.bind(SerialNumber{"B"}, SlotNumber{9}).error().code == ScanCode::NoSlotChosen);
    }

    void theOnlySlotNeedsNoChoice()
    {
        SlotBoard board{{{1}}, PairingRule::SlotThenSerial};
        QCOMPARE(board.target({})->value, 1);
        QVERIFY(board.bind(SerialNumber{"A"}, {}).ok());
        QVERIFY(board.bind(SerialNumber{"B"}, {}).error().code == ScanCode::SlotsWaitForStart);
    }

    void aSerialIsTakenOutOnlyBeforeItsRun()
    {
        SlotBoard board{{{1}, {2}}};
        QVERIFY(!board.takeBack({1}));
        QVERIFY(!board.takeBack({9}));
        QVERIFY(board.bind(SerialNumber{"A"}, {}).ok());
        QVERIFY(board.takeBack({1}) == SerialNumber{"A"});
        QVERIFY(isEmpty(board.state({1})));
        QCOMPARE(board.target({})->value, 2); // the person was sent there
        QVERIFY(board.bind(SerialNumber{"A"}, {}).ok());
        board.apply({2}, RunStarted{});
        QVERIFY(!board.takeBack({2}));
    }
};

QTEST_APPLESS_MAIN(PairingTest)
#include "tst_pairing.moc"
