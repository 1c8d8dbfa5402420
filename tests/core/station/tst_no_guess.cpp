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

/// A station that looked at its slots long enough to know that they are empty.
SlotBoard seenEmpty()
{
    SlotBoard board{{kFixture.begin(), kFixture.end()}, PairingRule::Insert};
    for (const auto at : {SelfStart::Time{}, SelfStart::Time{SlotDevices::kGone}}) {
        board.look({{{kFixture[0], false}, {kFixture[1], false}}, true, at});
    }
    return board;
}

/// A fixture with its devices, and a station that looks at one slot after another while a person goes on.
struct World {
    SlotBoard board = seenEmpty();
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
    const auto same = [&](SlotNumber slot) { return before.board.state(slot) == after.board.state(slot); };
    return told.refused && (before.board.inHand() != after.board.inHand() || !std::ranges::all_of(kFixture, same))
               ? "a refused scan changed something"
               : std::string{};
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
        const auto had = std::holds_alternative<SlotReady>(state) && before.board.presence(slot) == Presence::Present &&
                         !before.board.doubted(slot);
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
    explicit Walk(std::size_t most) : m_open(keyOf, most) { m_open.add(World{}); }

    std::string run()
    {
        const auto events = everyEvent();
        while (!m_open.empty()) {
            const auto before = m_open.next();
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
                m_open.add(std::move(after));
            }
        }
        return {};
    }

    [[nodiscard]] std::size_t worlds() const { return m_open.count(); }

private:
    test::OpenWorlds<World> m_open;
};

} // namespace

/// By the rule "insert", no serial number goes to a device by a guess, and none is lost.
class NoGuessTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void noSequenceOfEventsGuesses()
    {
        constexpr std::size_t kMost = 40'000;
        Walk walk(kMost);
        QCOMPARE(QString::fromStdString(walk.run()), QString{});
        QVERIFY(walk.worlds() > 10'000); // it went somewhere
    }
};

QTEST_APPLESS_MAIN(NoGuessTest)
#include "tst_no_guess.moc"
