#include "core/station/slot_board.h"

#include "core/base/assert.h"
#include "core/base/scan_code.h"

namespace enroll::station {

using enrollment::SerialNumber;
using enrollment::SlotNumber;

SlotBoard::SlotBoard(const std::vector<SlotNumber>& slots, enrollment::PairingRule rule, SelfStart start)
    : m_pairing(rule), m_start(std::move(start))
{
    for (const auto slot : slots) {
        m_states.emplace(slot, SlotEmpty{});
    }
    follow();
}

std::vector<SlotNumber> SlotBoard::slots() const
{
    std::vector<SlotNumber> all;
    for (const auto& [slot, state] : m_states) {
        all.push_back(slot);
    }
    return all;
}

const SlotState& SlotBoard::state(SlotNumber slot) const
{
    const auto found = m_states.find(slot);
    ENROLL_ASSERT(found != m_states.end(), "a slot that the board was made with");
    return found->second;
}

std::vector<SlotNumber> SlotBoard::ready() const
{
    return slotsIn<SlotReady>(m_states);
}

std::vector<SlotNumber> SlotBoard::running() const
{
    return slotsIn<SlotRunning>(m_states);
}

std::vector<SlotNumber> SlotBoard::forgotten() const
{
    auto unknown = slotsIn<SlotUnknown>(m_states);
    std::erase_if(unknown, [this](SlotNumber slot) { return serialOf(state(slot)).has_value(); });
    return unknown;
}

std::optional<SlotNumber> SlotBoard::slotOf(const SerialNumber& serial) const
{
    return station::slotOf(m_states, serial);
}

std::optional<SlotNumber> SlotBoard::resultOf(const SerialNumber& serial) const
{
    return station::resultOf(m_states, serial);
}

std::optional<SlotNumber> SlotBoard::target(std::optional<SlotNumber> wanted) const
{
    return m_pairing.target(m_states, wanted);
}

bool SlotBoard::senses() const noexcept
{
    return rule() == enrollment::PairingRule::Insert || m_start.rule() != enrollment::StartRule::Key;
}

DeviceDoubt SlotBoard::doubtOf(const SerialNumber& serial, SlotNumber slot, bool chosen) const
{
    const auto& before = state(slot);
    const bool shows = showsResult(before) && serialOf(before) != serial && !resultLeft(slot);
    if ((shows && presence(slot) != Presence::Absent) || m_start.doubt(slot) == DeviceDoubt::Old) {
        return DeviceDoubt::Old;
    }
    const bool marked = !chosen && rule() != enrollment::PairingRule::Insert;
    const bool isOfNobody = unnamed(slot) || m_start.rule() == enrollment::StartRule::Present;
    return marked && isOfNobody ? DeviceDoubt::Unsaid : DeviceDoubt::None;
}

Result<Binding> SlotBoard::bind(const SerialNumber& serial, std::optional<SlotNumber> wanted, Time now)
{
    if (const auto occupied = slotOf(serial)) {
        const auto waits = std::holds_alternative<SlotReady>(state(*occupied));
        if (!waits || (wanted && wanted != occupied)) {
            auto error =
                makeError(ScanCode::SerialAlreadyInSlot, "the serial is in slot " + std::to_string(occupied->value));
            error.subject = serial.text();
            return error;
        }
        m_start.scannedAgain(*occupied, wanted == occupied, now);
        return Binding{*occupied, std::nullopt};
    }
    TRY_ASSIGN(const auto slot, place(serial, wanted));
    if (!slot) {
        m_start.taken(now);
        return Binding{};
    }
    const auto doubt = doubtOf(serial, *slot, wanted == slot);
    const auto waited = std::holds_alternative<SlotReady>(state(*slot)) ? serialOf(state(*slot)) : std::nullopt;
    apply(*slot, SerialBound{serial});
    m_start.bound(*slot, doubt, presence(*slot), now);
    return Binding{slot, waited};
}

Result<std::optional<SlotNumber>> SlotBoard::place(const SerialNumber& serial, std::optional<SlotNumber> wanted)
{
    if (rule() == enrollment::PairingRule::Insert) {
        return m_hand.place(serial, wanted, m_states, m_devices);
    }
    TRY_ASSIGN(const auto slot, m_pairing.place(serial, wanted, m_states));
    return std::optional{slot};
}

std::vector<SlotNews> SlotBoard::look(const Look& look)
{
    std::vector<SlotNews> news;
    std::vector<SlotNews> losses;
    const auto changes = m_devices.take(look, m_states);
    for (const auto slot : changes.left) {
        const bool ownLeft = m_start.doubt(slot) == DeviceDoubt::None; // the other one was to leave
        if (const auto serial = ownLeft ? takeBack(slot) : std::nullopt) {
            losses.push_back({SlotNews::What::Dropped, slot, serial});
            m_hand.lost();
        }
    }
    m_start.saw(look);
    if (rule() == enrollment::PairingRule::Insert) {
        settleHand(look, changes, news);
    } else {
        findMisplaced(changes, news);
    }
    news.insert(news.end(), losses.begin(), losses.end());
    follow();
    return news;
}

void SlotBoard::settleHand(const Look& look, const DeviceChanges& changes, std::vector<SlotNews>& news)
{
    using enum SlotNews::What;
    const auto awaited = awaitsDevice(m_states, m_devices);
    const auto arrivals = m_hand.settle(look, changes, m_states, m_devices);
    if (arrivals.forHand) {
        const auto serial = inHand();
        m_hand.drop();
        apply(*arrivals.forHand, SerialBound{*serial});
        m_start.placed(*arrivals.forHand);
        news.push_back({Bound, *arrivals.forHand, serial});
    }
    for (const auto slot : arrivals.unnamed) {
        awaited ? news.push_back({Misplaced, slot, serialOf(state(*awaited)), awaited})
                : news.push_back({Unnamed, slot});
    }
}

void SlotBoard::findMisplaced(const DeviceChanges& changes, std::vector<SlotNews>& news) const
{
    const auto awaited = awaitsDevice(m_states, m_devices);
    for (const auto slot : changes.appeared) {
        if (awaited && !std::holds_alternative<SlotReady>(state(slot))) {
            news.push_back({SlotNews::What::Misplaced, slot, serialOf(state(*awaited)), awaited});
        }
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
    if (m_devices.presence(slot) == Presence::Present && !m_devices.resultLeft(slot)) {
        auto error = makeError(ScanCode::OldDeviceInSlot,
                               "slot " + std::to_string(slot.value) + " holds the device of its result");
        error.subject = serialOf(found->second).value_or(SerialNumber{}).text();
        return error;
    }
    apply(slot, ResultAcknowledged{});
    return true;
}

void SlotBoard::apply(SlotNumber slot, const SlotEvent& event)
{
    const auto found = m_states.find(slot);
    if (found != m_states.end()) {
        found->second = nextState(found->second, event);
        follow();
    }
}

void SlotBoard::follow()
{
    m_pairing.follow(m_states);
    if (senses()) { // else nobody looks, and a device leaves unseen
        m_devices.follow(m_states);
    }
    m_hand.follow(m_states, m_devices);
    m_start.follow(m_states);
}

} // namespace enroll::station
