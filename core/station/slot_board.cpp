#include "core/station/slot_board.h"

#include "core/base/device_code.h"
#include "core/base/scan_code.h"

#include <algorithm>

namespace enroll::station {

using enrollment::SerialNumber;
using enrollment::SlotNumber;

SlotBoard::SlotBoard(const std::vector<SlotNumber>& slots, enrollment::PairingRule rule, SelfStart start)
    : m_pairing(rule), m_start(std::move(start))
{
    for (const auto slot : slots) {
        m_states.emplace(slot, SlotEmpty{});
        doubt(slot); // nobody knows what happened before the program began
    }
    follow();
}

Result<Binding> SlotBoard::bind(const SerialNumber& serial, std::optional<SlotNumber> wanted, Time now)
{
    auto binding = take(serial, wanted, now);
    m_stopped.clear();
    if (!binding.ok()) {
        unsettle();
    } else if (binding->slot && mayAwaitDevice({{*binding->slot, state(*binding->slot)}}, m_devices)) {
        doubtUnnamed();
    }
    return binding;
}

void SlotBoard::unsettle()
{
    m_stopped.clear();
    doubtNext();
}

void SlotBoard::doubtNext()
{
    if (concludes()) {
        m_start.unsettle();
        m_hand.lost();
        doubtUnnamed();
    }
}

Result<Binding> SlotBoard::take(const SerialNumber& serial, std::optional<SlotNumber> wanted, Time now)
{
    TRY(m_announced.requireSame(serial, wanted)); // by the other rules no device says anything
    if (const auto occupied = slotOf(serial)) {
        const auto waits = std::holds_alternative<SlotReady>(state(*occupied));
        if (!waits || (wanted && wanted != occupied)) {
            auto error =
                makeError(ScanCode::SerialAlreadyInSlot, "the serial is in slot " + std::to_string(occupied->value));
            error.subject = serial.text();
            return error;
        }
        m_start.bound(*occupied, now, isAwaitedAlone(*occupied) && m_start.takesUnseen(*occupied));
        m_hand.lost(); // of what is in hand the label was not scanned latest
        return Binding{*occupied, std::nullopt};
    }
    const auto asking = wanted ? std::nullopt : askingFor(serial);
    TRY_ASSIGN(const auto slot, place(serial, asking ? asking : wanted));
    if (!slot) {
        m_start.taken(now);
        return Binding{};
    }
    using enum Choice;
    return put(serial, *slot, asking == slot ? Tile : wanted == slot ? Person : None, now);
}

Binding SlotBoard::put(const SerialNumber& serial, SlotNumber slot, Choice choice, Time now)
{
    const auto waited = std::holds_alternative<SlotReady>(state(slot)) ? serialOf(state(slot)) : std::nullopt;
    const bool mayBeIn = choice != Choice::Tile && isAwaitedAlone(slot) && m_start.takesUnseen(slot);
    const bool wasUnnamed = concludes() && unnamed(slot);
    stopAsking(serial);
    apply(slot, SerialBound{serial});
    m_devices.endQuestion(slot);
    m_start.bound(slot, now, mayBeIn);
    if (choice == Choice::None && wasUnnamed && m_states.size() > 1) {
        m_start.lookFirst(slot);
    }
    m_chosenBeside[slot] = choice == Choice::Person ? unnamedSlots() : std::set<SlotNumber>{};
    if (rule() == enrollment::PairingRule::DeviceSerial) {
        m_devices.assure(slot); // the device and its label say the same
        return {slot, waited};
    }
    // Who scans a label has its device in hand, and puts it in next, unless the slot was chosen for the one that is in, or
    // such a device starts by its scan. Where a tile asks for the label, any device may have come since its own was out, and
    // may not answer yet.
    const bool came = choice == Choice::None && m_start.rule() == enrollment::StartRule::Present &&
                      presence(slot) == Presence::Present;
    if (waited || came || inHand() || (choice == Choice::None && hasUnnamedBeside(slot))) {
        doubt(slot);
    }
    if (choice == Choice::Tile && senses()) {
        m_devices.question(slot);
    }
    m_hand.lost(); // of what is in hand the label was not scanned latest
    return {slot, waited};
}

void SlotBoard::stopAsking(const SerialNumber& serial)
{
    if (const auto asking = askingFor(serial)) {
        apply(*asking, ResultAcknowledged{});
    }
}

Result<std::optional<SlotNumber>> SlotBoard::place(const SerialNumber& serial, std::optional<SlotNumber> wanted)
{
    if (rule() == enrollment::PairingRule::Insert) {
        return m_hand.place(serial, wanted, shownStates(), m_devices);
    }
    if (rule() == enrollment::PairingRule::DeviceSerial) {
        TRY_ASSIGN(const auto said, m_announced.place(serial, wanted, m_states, m_devices));
        return std::optional{said};
    }
    TRY_ASSIGN(const auto slot, m_pairing.place(serial, wanted, shownStates()));
    return std::optional{slot};
}

std::vector<SlotNews> SlotBoard::look(const Look& look)
{
    std::vector<SlotNews> news;
    std::vector<SlotNews> losses;
    noteUnclear(look, news);
    const auto before = m_devices;
    const auto changes = m_devices.take(look, m_states);
    if (rule() == enrollment::PairingRule::DeviceSerial) {
        settleAnnounced(look, changes, news);
        follow();
        return news;
    }
    loseUnnamed(look);
    doubtArrivals(changes, before);
    m_start.saw(look);
    for (const auto slot : changes.left) {
        lose(slot, losses);
    }
    if (rule() == enrollment::PairingRule::Insert) {
        settleHand(look, changes, news);
    } else {
        askWhatCame(changes, before, news);
    }
    news.insert(news.end(), losses.begin(), losses.end());
    follow();
    return news;
}

void SlotBoard::doubt(SlotNumber slot)
{
    if (senses()) { // else nobody looks, and nothing would end it
        m_devices.doubt(slot);
    }
}

void SlotBoard::doubtUnnamed()
{
    if (!concludes()) {
        return;
    }
    for (const auto& [slot, state] : m_states) {
        const bool named = std::holds_alternative<SlotReady>(state) || std::holds_alternative<SlotRunning>(state);
        if (!named && presence(slot) == Presence::Present) {
            doubt(slot);
        }
    }
}

void SlotBoard::doubtArrivals(const DeviceChanges& changes, const SlotDevices& before)
{
    for (const auto slot : ready()) {
        if (m_start.looksFirst(slot) && !changes.appeared.empty()) {
            doubt(slot); // its label may be that of the one that came
        }
    }
    for (const auto slot : changes.appeared) {
        const bool waits = std::holds_alternative<SlotReady>(state(slot));
        // Of two that came at once either may be the one that is waited for.
        const auto own = changes.appeared.size() == 1 ? std::optional{slot} : std::nullopt;
        const bool expected = waits      ? m_start.expectsDevice(slot)
                              : inHand() ? m_hand.expects(slot)
                                         : m_start.isNew(slot);
        if (!expected || (!inHand() && mayAwaitDevice(m_states, before, own)) || (waits && hasUnnamedBeside(slot))) {
            doubt(slot);
        }
    }
}

void SlotBoard::loseUnnamed(const Look& look)
{
    const bool isLost = std::ranges::any_of(look.found, [this](const auto& entry) {
        return !entry.second && (unnamed(entry.first) || m_hand.arriving(entry.first));
    });
    if (isLost && expectsDevice()) {
        m_start.unsettle();
        m_hand.lost();
    }
}

void SlotBoard::lose(SlotNumber slot, std::vector<SlotNews>& news)
{
    if (!std::holds_alternative<SlotReady>(state(slot))) {
        return;
    }
    if (doubted(slot)) { // it was to leave, and may come anywhere
        m_hand.lost();
        return;
    }
    const auto serial = takeBack(slot);
    news.push_back({SlotNews::What::Dropped, slot, serial});
}

void SlotBoard::settleHand(const Look& look, const DeviceChanges& changes, std::vector<SlotNews>& news)
{
    using enum SlotNews::What;
    const auto awaited = awaitsDevice(m_states, m_devices);
    const auto arrivals = m_hand.settle(look, changes, m_states, m_devices);
    if (arrivals.forHand) {
        const auto serial = inHand();
        m_hand.drop();
        stopAsking(*serial);
        apply(*arrivals.forHand, SerialBound{*serial});
        m_start.placed(*arrivals.forHand);
        news.push_back({Bound, *arrivals.forHand, serial});
    }
    for (const auto slot : arrivals.unnamed) {
        news.push_back(awaited ? cameBeside(slot, *awaited) : SlotNews{Unnamed, slot});
    }
}

SlotNews SlotBoard::cameBeside(SlotNumber slot, SlotNumber awaited) const
{
    const auto& shown = state(slot);
    const bool mayBeAskedFor = showsResult(shown) && !givesWay(shown); // "reseat it", "put it back"
    return mayBeAskedFor ? SlotNews{SlotNews::What::Unnamed, slot}
                         : SlotNews{SlotNews::What::Misplaced, slot, serialOf(state(awaited)), awaited};
}

void SlotBoard::askWhatCame(const DeviceChanges& changes, const SlotDevices& before, std::vector<SlotNews>& news)
{
    for (const auto slot : changes.appeared) {
        if (std::holds_alternative<SlotReady>(state(slot))) {
            continue;
        }
        m_hand.ask(slot);
        if (const auto awaited = mayAwaitDevice(m_states, before)) {
            news.push_back(cameBeside(slot, *awaited));
        }
    }
}

void SlotBoard::noteUnclear(const Look& look, std::vector<SlotNews>& news)
{
    const auto before = std::exchange(m_unclear, {});
    for (const auto slot : look.unclear) {
        const auto known = m_states.find(slot);
        if (known == m_states.end() || std::holds_alternative<SlotRunning>(known->second)) {
            continue;
        }
        m_unclear.insert(slot);
        if (!before.contains(slot)) {
            news.push_back({SlotNews::What::Unclear, slot});
        }
    }
}

void SlotBoard::doubtUnwatched(const Look& look, const DeviceChanges& changes)
{
    if (look.hearing == Hearing::Doubts) {
        leaveUnwatched();
    }
    for (const auto& [slot, present] : look.found) {
        const auto says = look.says.find(slot);
        const auto said = says == look.says.end() ? std::nullopt : std::optional{says->second};
        const bool mayBeOther = changes.appeared.contains(slot) || said != saidIn(slot);
        if (present && mayBeOther && m_unwatched.contains(slot)) {
            doubt(slot);
        }
        if (look.hearing != Hearing::Doubts && look.afterScan) {
            m_unwatched.erase(slot);
        }
    }
}

void SlotBoard::settleAnnounced(const Look& look, const DeviceChanges& changes, std::vector<SlotNews>& news)
{
    doubtUnwatched(look, changes);
    const auto all = m_announced.settle(look, changes, m_states, m_devices);
    const auto untold = m_announced.untold(all, m_states);
    news.insert(news.end(), untold.begin(), untold.end());
    for (const auto& said : all) { // what was said before holds as well
        heed(said);
    }
}

void SlotBoard::heed(const SlotNews& said)
{
    using enum SlotNews::What;
    switch (said.what) {
    case Bound:
        apply(said.slot, SerialBound{*said.serial});
        m_start.announced(said.slot);
        return;
    case Dropped:
        apply(said.slot, SerialTakenBack{}); // who comes back says who it is
        return;
    case Changed:
    case SaidTwice:
        apply(said.slot, SerialTakenBack{});
        doubt(said.slot);
        break;
    case Unnamed:
    case Misplaced:
    case Unclear:
    case Silent:
        break;
    case Unconfirmed:
    case HasResult:
        if (const auto shown = resultOf(*said.serial); shown && shown != said.slot) {
            doubt(said.slot); // that result may be gone before the label is scanned
        }
        break;
    }
    m_hand.ask(said.slot);
}

void SlotBoard::dropHand()
{
    const bool isAstray = inHand().has_value();
    m_hand.drop();
    m_stopped.clear();
    if (isAstray) {
        unsettle();
    }
}

void SlotBoard::changeHands()
{
    m_start.changeHands();
    m_stopped.clear();
}

void SlotBoard::leaveAlone()
{
    changeHands();
    dropHand();
    unsettle();
    leaveUnwatched();
    for (const auto slot : ready()) {
        if (presence(slot) != Presence::Present) {
            doubt(slot);
        }
    }
}

void SlotBoard::leaveUnwatched()
{
    if (rule() != enrollment::PairingRule::DeviceSerial) {
        return; // a label is scanned for whatever comes
    }
    for (const auto& [slot, state] : m_states) {
        m_unwatched.insert(slot);
    }
}

std::optional<SerialNumber> SlotBoard::takeBack(SlotNumber slot)
{
    const auto found = m_states.find(slot);
    if (found == m_states.end() || !std::holds_alternative<SlotReady>(found->second)) {
        return std::nullopt;
    }
    auto serial = serialOf(found->second);
    m_hand.ask(slot);
    apply(slot, SerialTakenBack{});
    doubt(slot);
    unsettle();
    return serial;
}

Result<bool> SlotBoard::acknowledge(SlotNumber slot)
{
    const auto found = m_states.find(slot);
    if (found == m_states.end() || !showsResult(found->second) || givesWay(found->second)) {
        return false;
    }
    if (const auto* unknown = std::get_if<SlotUnknown>(&found->second); unknown != nullptr && !unknown->searched) {
        return false; // its result, perhaps a FAIL, is still looked up
    }
    if (doubted(slot) && presence(slot) == Presence::Present && !unnamed(slot)) {
        auto error = makeError(ScanCode::OldDeviceInSlot,
                               "slot " + std::to_string(slot.value) + " holds the device of its result");
        error.subject = serialOf(found->second).value_or(SerialNumber{}).text();
        return error;
    }
    if (rule() == enrollment::PairingRule::DeviceSerial && presence(slot) == Presence::Present) {
        doubt(slot); // whoever clears a result asks for no test of what is in
    }
    apply(slot, ResultAcknowledged{});
    return true;
}

void SlotBoard::apply(SlotNumber slot, const SlotEvent& event)
{
    const auto found = m_states.find(slot);
    if (found != m_states.end()) {
        if (std::holds_alternative<RunStarted>(event) && senses() && presence(slot) != Presence::Present) {
            unsettle(); // its device may be in another slot
        }
        const auto* running = std::get_if<SlotRunning>(&found->second);
        if (std::holds_alternative<StopAsked>(event) && running != nullptr && !running->stopAsked) {
            m_stopped.insert(slot);
        }
        const auto* kept = std::get_if<TestKept>(&event);
        if (kept != nullptr) {
            unsettle(); // whoever scanned it may hold its device, or it was pulled out in its test
        }
        found->second = nextState(found->second, event);
        const auto* ended = std::get_if<RunFinished>(&event);
        if (ended != nullptr && mayHaveLostDevice(ended->run)) {
            doubtNext();
        }
        if (std::holds_alternative<SlotRunning>(found->second)) {
            m_unclear.erase(slot);
        }
        follow();
    }
}

void SlotBoard::follow()
{
    m_pairing.follow(m_states);
    if (senses()) { // else nobody looks, and a device leaves unseen
        m_devices.follow(m_states);
    }
    m_announced.follow(m_states);
    m_hand.follow(m_states, m_devices);
    m_start.follow(m_states);
    for (auto& [slot, beside] : m_chosenBeside) {
        const bool waits = std::holds_alternative<SlotReady>(state(slot));
        std::erase_if(beside, [&](SlotNumber other) { return !waits || !unnamed(other); });
    }
}

} // namespace enroll::station
