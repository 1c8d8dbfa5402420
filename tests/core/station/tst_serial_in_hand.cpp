#include "core/base/scan_code.h"
#include "core/station/slot_board.h"

#include <QTest>

#include <deque>
#include <functional>

using namespace enroll;
using namespace enroll::station;
using enrollment::PairingRule;
using enrollment::SerialNumber;
using enrollment::SlotNumber;
using What = SlotNews::What;

namespace {

const SerialNumber kA{"A"};
const SerialNumber kB{"B"};
constexpr int kSlots = 2;
constexpr std::array kFixture{SlotNumber{1}, SlotNumber{2}};

enrollment::AttestationRun runOf(const SerialNumber& serial, Outcome outcome)
{
    enrollment::AttestationRun run;
    run.serialNumber = serial;
    run.outcome = outcome;
    return run;
}

/// A fixture with its devices, and a station that looks at one slot after another while a person goes on.
struct World {
    SlotBoard board{{kFixture.begin(), kFixture.end()}, PairingRule::Insert};
    std::array<bool, kSlots> inside{};        ///< a device is in the slot
    std::vector<SlotNumber> putInSinceHand{}; ///< where devices came since the serial is in hand, in their order
    std::set<SlotNumber> outSinceSample{}; ///< where a device went after the look saw its slot: the next one finds it
    std::set<SlotNumber> seenInside{};     ///< of these slots, where a look saw the device
    std::map<SlotNumber, bool> sampled{};  ///< by the look under way
    int lookedAt = 0;                      ///< slots; 0: no look is under way
    bool afterScan = false;

    bool operator==(const World&) const = default;
};

struct Told {
    std::optional<Binding> binding;
    std::optional<ErrorCode> refused;
    std::vector<SlotNews> news;
    std::map<SlotNumber, bool> seen; ///< by the look that ended
    std::optional<SerialNumber> takenBack;
};

struct Event {
    std::string name;
    std::optional<SlotNumber> chosen;
    bool byHand = false; ///< somebody dropped or took back
    std::function<Told(World&)> act;
};

Event scan(const SerialNumber& serial, std::optional<SlotNumber> chosen)
{
    return {"scan " + serial.text() + (chosen ? std::to_string(chosen->value) : ""), chosen, false,
            [serial, chosen](World& world) -> Told {
                const auto bound = world.board.bind(serial, chosen);
                if (bound.ok() && bound->slot) { // somebody said whose device that is
                    std::erase(world.putInSinceHand, *bound->slot);
                }
                return bound.ok() ? Told{*bound, {}, {}, {}, {}} : Told{{}, bound.error().code, {}, {}, {}};
            }};
}

/// A device that goes there is the one of that serial number.
bool showsSerial(const SlotState& state)
{
    return std::holds_alternative<SlotReady>(state) || std::holds_alternative<SlotRunning>(state);
}

/// Takes the device out, or puts one in.
Event exchange(SlotNumber slot)
{
    return {"in or out " + std::to_string(slot.value), {}, false, [slot](World& world) -> Told {
                auto& inside = world.inside.at(static_cast<std::size_t>(slot.value - 1));
                inside = !inside;
                if (!inside) {
                    world.outSinceSample.insert(slot);
                    // What goes and comes between two looks is not to be told from what stays.
                    if (!world.seenInside.contains(slot)) {
                        std::erase(world.putInSinceHand, slot);
                    }
                } else if (world.board.inHand() && !showsSerial(world.board.state(slot)) &&
                           std::ranges::count(world.putInSinceHand, slot) == 0) {
                    world.putInSinceHand.push_back(slot);
                }
                return {};
            }};
}

/// The look goes on by one slot; after the last it ends.
Told lookOn(World& world)
{
    if (world.lookedAt == 0) {
        world.afterScan = true;
    }
    const auto slot = kFixture.at(static_cast<std::size_t>(world.lookedAt));
    if (!std::holds_alternative<SlotRunning>(world.board.state(slot))) {
        world.outSinceSample.erase(slot);
        world.sampled[slot] = world.inside.at(static_cast<std::size_t>(world.lookedAt));
        if (world.sampled[slot]) {
            world.seenInside.insert(slot);
        } else {
            world.seenInside.erase(slot);
            std::erase(world.putInSinceHand, slot);
        }
    }
    if (++world.lookedAt < kSlots) {
        return {};
    }
    const Look look{std::exchange(world.sampled, {}), std::exchange(world.afterScan, false)};
    world.lookedAt = 0;
    return {{}, {}, world.board.look(look), look.found, {}};
}

std::vector<Event> everyEvent()
{
    std::vector<Event> events{scan(kA, {}), scan(kB, {}), scan(kA, SlotNumber{1}), scan(kB, SlotNumber{2})};
    events.push_back({"drop", {}, true, [](World& world) -> Told {
                          world.board.dropHand();
                          return {};
                      }});
    events.push_back({"look", {}, false, lookOn});
    for (const auto slot : kFixture) {
        events.push_back(exchange(slot));
        events.push_back({"start " + std::to_string(slot.value), {}, false, [slot](World& world) -> Told {
                              world.board.apply(slot, RunStarted{});
                              return {};
                          }});
        events.push_back({"end " + std::to_string(slot.value), {}, false, [slot](World& world) -> Told {
                              if (const auto serial = serialOf(world.board.state(slot))) {
                                  world.board.apply(slot, RunFinished{runOf(*serial, Outcome::Fail)});
                              }
                              return {};
                          }});
    }
    events.push_back({"take back 1", {}, true, [](World& world) -> Told {
                          return {{}, {}, {}, {}, world.board.takeBack({1})};
                      }});
    return events;
}

int placesOf(const SlotBoard& board, const SerialNumber& serial)
{
    int places = board.inHand() == serial ? 1 : 0;
    for (const auto slot : kFixture) {
        const auto& state = board.state(slot);
        places += !std::holds_alternative<SlotFinished>(state) && serialOf(state) == serial ? 1 : 0;
    }
    return places;
}

bool tells(const Told& told, const SerialNumber& serial)
{
    return told.takenBack == serial || (told.binding && told.binding->gaveWay == serial) ||
           std::ranges::any_of(told.news, [&](const SlotNews& news) { return news.serial == serial; });
}

std::string lostOrDoubled(const World& before, const Event& event, const Told& told, const World& after)
{
    for (const auto& serial : {kA, kB}) {
        if (placesOf(after.board, serial) > 1) {
            return serial.text() + " is in two places";
        }
        const auto slot = before.board.slotOf(serial);
        const auto ended = slot && std::holds_alternative<SlotRunning>(before.board.state(*slot));
        if (placesOf(before.board, serial) == 1 && placesOf(after.board, serial) == 0 && !ended && !event.byHand &&
            !tells(told, serial)) {
            return serial.text() + " was lost and nobody was told";
        }
    }
    for (const auto slot : kFixture) {
        const auto was = std::holds_alternative<SlotFinished>(before.board.state(slot));
        const auto is = std::holds_alternative<SlotFinished>(after.board.state(slot));
        if (was && !is && event.chosen != slot && !before.board.resultLeft(slot)) {
            return "a result was wiped away beside its device";
        }
    }
    return told.refused && after != before ? "a refused scan changed something" : std::string{};
}

/// A device gets the serial number in hand only if it is the first that came since the scan.
std::string guessed(const World& before, const Told& told, const World& after)
{
    for (const auto& news : told.news) {
        if (news.what == What::Bound && !after.outSinceSample.contains(news.slot) &&
            (before.board.inHand() != news.serial || before.putInSinceHand.empty() ||
             before.putInSinceHand.front() != news.slot)) {
            return "the serial in hand went to slot " + std::to_string(news.slot.value) + " by a guess";
        }
    }
    for (const auto& [slot, present] : told.seen) {
        const auto& state = before.board.state(slot);
        const auto had = std::holds_alternative<SlotReady>(state) && before.board.presence(slot) == Presence::Present;
        if (had && !present && after.board.state(slot) == state) {
            return "a serial stayed in a slot that its device left";
        }
    }
    return {};
}

std::string keyOf(const World& world)
{
    std::string key = world.board.inHand() ? world.board.inHand()->text() : "-";
    for (const auto slot : kFixture) {
        const auto serial = serialOf(world.board.state(slot));
        key += std::to_string(world.board.state(slot).index()) + (serial ? serial->text() : "-");
        key += std::to_string(static_cast<int>(world.board.presence(slot)));
        key += world.board.unnamed(slot) ? 'u' : ' ';
        key += world.inside.at(static_cast<std::size_t>(slot.value - 1)) ? 'd' : ' ';
        key += std::ranges::count(world.putInSinceHand, slot) > 0 ? 'n' : ' ';
        const auto sample = world.sampled.find(slot);
        key += sample == world.sampled.end() ? ' ' : sample->second ? '1' : '0';
    }
    return key + std::to_string(world.lookedAt) + (world.afterScan ? "f" : " ");
}

/// Worlds in the order of how many events they need, each with every event, until \p most were seen.
class Walk {
public:
    explicit Walk(std::size_t most) : m_most(most) { visit(World{}); }

    std::string run()
    {
        const auto events = everyEvent();
        while (!m_open.empty()) {
            const auto before = m_open.front();
            m_open.pop_front();
            for (const auto& event : events) {
                auto after = before;
                const auto told = event.act(after);
                if (after.board.inHand() != before.board.inHand()) {
                    after.putInSinceHand.clear();
                    after.seenInside.clear();
                    after.afterScan = false;
                }
                for (const auto& fault : {lostOrDoubled(before, event, told, after), guessed(before, told, after)}) {
                    if (!fault.empty()) {
                        return keyOf(before) + ", " + event.name + ": " + fault;
                    }
                }
                visit(std::move(after));
            }
        }
        return {};
    }

    [[nodiscard]] std::size_t worlds() const { return m_count; }

private:
    void visit(World world)
    {
        if (m_count == m_most) {
            return;
        }
        auto& known = m_known[keyOf(world)];
        if (std::ranges::find(known, world) == known.end()) {
            known.push_back(world);
            m_open.push_back(std::move(world));
            ++m_count;
        }
    }

    std::size_t m_most;
    std::map<std::string, std::vector<World>> m_known;
    std::deque<World> m_open;
    std::size_t m_count = 0;
};

/// A person and a station with three slots.
struct Fixture {
    SlotBoard board{{{1}, {2}, {3}}, PairingRule::Insert};
    std::map<SlotNumber, bool> devices{{{1}, false}, {{2}, false}, {{3}, false}};

    std::vector<SlotNews> look() { return board.look({devices, true}); }
    std::vector<SlotNews> looks(int times)
    {
        std::vector<SlotNews> all;
        for (int i = 0; i < times; ++i) {
            std::ranges::copy(look(), std::back_inserter(all));
        }
        return all;
    }
    [[nodiscard]] ErrorCode refusalOf(const SerialNumber& serial, std::optional<SlotNumber> wanted = {})
    {
        return board.bind(serial, wanted).error().code;
    }
    void put(int slot, bool in = true) { devices[{slot}] = in; }
    void test(int slot, Outcome outcome)
    {
        board.apply({slot}, RunStarted{});
        board.apply({slot}, RunFinished{runOf(*serialOf(board.state({slot})), outcome)});
    }
    /// Scans, puts the device in, and waits until the serial has the slot.
    void insert(const SerialNumber& serial, int slot)
    {
        QVERIFY(board.bind(serial, {}).ok());
        look();
        put(slot);
        const auto news = looks(2);
        QVERIFY((news == std::vector{SlotNews{What::Bound, {slot}, serial}}));
    }
};

} // namespace

class SerialInHandTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void noSequenceOfEventsGuesses()
    {
        constexpr std::size_t kMost = 40'000;
        Walk walk(kMost);
        QCOMPARE(QString::fromStdString(walk.run()), QString{});
        QVERIFY(walk.worlds() > 10'000); // it went somewhere
    }

    void theDeviceThatComesNextCarriesTheSerialInHand()
    {
        Fixture fixture;
        QVERIFY(!fixture.board.bind(kA, {})->slot);
        QVERIFY(fixture.board.inHand() == kA);
        QVERIFY(!fixture.board.bind(kA, {})->slot); // the same label again
        fixture.look();
        fixture.put(2);
        QVERIFY(fixture.look().empty());
        QVERIFY((fixture.look() == std::vector{SlotNews{What::Bound, {2}, kA}}));
        QVERIFY(!fixture.board.inHand());
        QVERIFY(fixture.board.slotOf(kA) == SlotNumber{2});
        fixture.insert(kB, 1);
    }

    void twoAtOnceAreAskedAbout()
    {
        Fixture fixture;
        QVERIFY(fixture.board.bind(kA, {}).ok());
        fixture.look();
        fixture.put(1);
        fixture.look();
        fixture.put(3); // before the next look: which was first is not known
        QVERIFY((fixture.looks(2) == std::vector{SlotNews{What::Unnamed, {1}}, SlotNews{What::Unnamed, {3}}}));
        QVERIFY(fixture.board.inHand() == kA);
        QVERIFY(fixture.board.unnamed({3}));
        QCOMPARE(fixture.board.bind(kA, SlotNumber{3})->slot->value, 3);
        QVERIFY(!fixture.board.inHand());
        QVERIFY(!fixture.board.unnamed({3}));
        QVERIFY(fixture.board.unnamed({1}));
    }

    void aDeviceWithoutASerialIsAskedAbout()
    {
        Fixture fixture;
        fixture.look();
        fixture.put(2);
        QVERIFY((fixture.looks(3) == std::vector{SlotNews{What::Unnamed, {2}}}));
        QVERIFY(!fixture.board.bind(kA, {})->slot); // of this device, or of one that comes: not known
        QVERIFY(fixture.looks(3).empty());
        fixture.put(1); // so the next one is asked about, too
        QVERIFY((fixture.looks(3) == std::vector{SlotNews{What::Unnamed, {1}}}));
        fixture.put(1, false);
        fixture.put(2, false);
        fixture.looks(2);
        QVERIFY(!fixture.board.unnamed({2}));
        fixture.put(3); // nobody is without a name any more
        QVERIFY((fixture.looks(2) == std::vector{SlotNews{What::Bound, {3}, kA}}));
    }

    /// It was put in before the scan, and the look that found it began before, too.
    void aSlotThatWasNotSeenEmptySinceTheScanIsAskedAbout()
    {
        Fixture fixture;
        fixture.look();
        QVERIFY(fixture.board.bind(kA, {}).ok());
        fixture.board.look({fixture.devices, false});
        fixture.put(1);
        QVERIFY((fixture.looks(2) == std::vector{SlotNews{What::Unnamed, {1}}}));
    }

    void oneSerialAtATimeIsInHand()
    {
        Fixture fixture;
        QVERIFY(fixture.board.bind(kA, {}).ok());
        QVERIFY(fixture.refusalOf(kB) == ScanCode::OtherSerialInHand);
        QVERIFY(fixture.refusalOf(kB, SlotNumber{2}) == ScanCode::OtherSerialInHand);
        fixture.board.dropHand();
        QVERIFY(fixture.board.bind(kB, {}).ok());
    }

    void aSerialThatWaitsInItsSlotForItsDeviceComesFirst()
    {
        Fixture fixture;
        fixture.look();
        QCOMPARE(fixture.board.bind(kA, SlotNumber{2})->slot->value, 2);
        QVERIFY(fixture.refusalOf(kB) == ScanCode::DeviceAwaited);
        fixture.put(3);
        QVERIFY((fixture.looks(2) == std::vector{SlotNews{What::Misplaced, {3}, kA, SlotNumber{2}}}));
        fixture.put(3, false);
        fixture.put(2);
        QVERIFY(fixture.looks(3).empty());
        QVERIFY(fixture.board.bind(kB, {}).ok());
    }

    /// The serial was given to that device. Whatever comes next may be another one.
    void aDeviceThatLeavesBeforeItsRunTakesItsSerialAlong()
    {
        Fixture fixture;
        fixture.insert(kA, 1);
        fixture.put(1, false);
        QVERIFY((fixture.look() == std::vector{SlotNews{What::Dropped, {1}, kA}}));
        QVERIFY(!fixture.board.inHand());
        fixture.look();
        fixture.put(3);
        QVERIFY((fixture.looks(2) == std::vector{SlotNews{What::Unnamed, {3}}}));
        fixture.put(3, false);
        fixture.looks(2);
        fixture.insert(kA, 3); // scanned again
        QVERIFY(fixture.board.bind(kB, {}).ok());
        fixture.put(3, false);
        QVERIFY((fixture.look() == std::vector{SlotNews{What::Dropped, {3}, kA}}));
        QVERIFY(fixture.board.inHand() == kB);
    }

    /// What comes next may be either's.
    void aDeviceThatLeavesWhileAnotherSerialIsInHandIsAskedAbout()
    {
        for (const int back : {1, 3}) { // to where it was, and to where nothing was
            Fixture fixture;
            fixture.insert(kA, 1);
            QVERIFY(fixture.board.bind(kB, {}).ok());
            fixture.look();
            fixture.put(1, false);
            QVERIFY((fixture.look() == std::vector{SlotNews{What::Dropped, {1}, kA}}));
            fixture.put(back);
            QVERIFY((fixture.looks(3) == std::vector{SlotNews{What::Unnamed, {back}}}));
            QVERIFY(fixture.board.inHand() == kB);
            QCOMPARE(fixture.board.bind(kA, SlotNumber{back})->slot->value, back); // somebody looked at the label
            fixture.put(2);
            QVERIFY((fixture.looks(3) == std::vector{SlotNews{What::Unnamed, {2}}}));
            QCOMPARE(fixture.board.bind(kB, SlotNumber{2})->slot->value, 2);
        }
    }

    void aResultStaysUntilItsDeviceLeft()
    {
        Fixture fixture;
        fixture.insert(kA, 1);
        fixture.test(1, Outcome::Fail);
        QVERIFY(fixture.refusalOf(kA) == ScanCode::SerialHasResult);
        QVERIFY(fixture.refusalOf(kB, SlotNumber{1}) == ScanCode::OldDeviceInSlot);
        QCOMPARE(fixture.board.bind(kA, SlotNumber{1})->slot->value, 1); // tested again where it is
        fixture.test(1, Outcome::Fail);
        fixture.put(1, false);
        fixture.look();
        QVERIFY(!fixture.board.resultLeft({1})); // one look may err
        fixture.look();
        QVERIFY(fixture.board.resultLeft({1}));
        fixture.insert(kB, 1);
    }

    void oneLookWithoutAnAnswerIsNoOtherDevice()
    {
        Fixture fixture;
        fixture.insert(kA, 1);
        fixture.test(1, Outcome::Pass);
        QVERIFY(fixture.board.bind(kB, {}).ok());
        fixture.put(1, false);
        fixture.look();
        fixture.put(1);
        QVERIFY(fixture.looks(3).empty());
        QVERIFY(fixture.board.inHand() == kB);
    }

    void aSlotOfWhichNothingIsCertainDecidesNothing()
    {
        Fixture fixture;
        QVERIFY(fixture.board.bind(kA, {}).ok());
        fixture.look();
        fixture.put(1);
        fixture.look();
        fixture.devices.erase({1});
        QVERIFY(fixture.looks(2).empty());
        fixture.put(1);
        QVERIFY((fixture.look() == std::vector{SlotNews{What::Bound, {1}, kA}}));
    }
};

QTEST_APPLESS_MAIN(SerialInHandTest)
#include "tst_serial_in_hand.moc"
