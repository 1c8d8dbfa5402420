#pragma once

#include "core/station/announced_serials.h"
#include "core/station/pairing.h"
#include "core/station/self_start.h"
#include "core/station/serial_in_hand.h"

namespace enroll::station {

/// The slot that a serial number was bound to.
struct Binding {
    std::optional<enrollment::SlotNumber> slot;      ///< none: it is in hand
    std::optional<enrollment::SerialNumber> gaveWay; ///< the serial number that waited there before, now unbound
    bool operator==(const Binding&) const = default;
};

/// The slots of a fixture with their states and devices; where a serial number goes is decided by Pairing or, by the rule
/// "insert", by SerialInHand, by "device-serial" by AnnouncedSerials, and what starts by itself by SelfStart. A value
/// without a thread, a clock or a device.
class SlotBoard {
public:
    using Time = SelfStart::Time;

    explicit SlotBoard(const std::vector<enrollment::SlotNumber>& slots,
                       enrollment::PairingRule rule = enrollment::PairingRule::NextSlot,
                       SelfStart start = SelfStart{enrollment::StartRule::Key});

    [[nodiscard]] enrollment::PairingRule rule() const noexcept { return m_pairing.rule(); }
    /// Every slot, in order.
    [[nodiscard]] std::vector<enrollment::SlotNumber> slots() const;
    [[nodiscard]] bool has(enrollment::SlotNumber slot) const noexcept { return m_states.contains(slot); }
    /// The caller asks for slots of this board only (asserted).
    [[nodiscard]] const SlotState& state(enrollment::SlotNumber slot) const;
    [[nodiscard]] std::vector<enrollment::SlotNumber> ready() const;
    [[nodiscard]] std::vector<enrollment::SlotNumber> running() const;

    /// The slots of which nobody knows what they showed before the program started, until somebody deals with them.
    [[nodiscard]] std::vector<enrollment::SlotNumber> forgotten() const;

    [[nodiscard]] std::optional<enrollment::SlotNumber> slotOf(const enrollment::SerialNumber& serial) const;
    [[nodiscard]] std::optional<enrollment::SlotNumber> resultOf(const enrollment::SerialNumber& serial) const;
    /// The slot whose result asks for another scan of \p serial; by "device-serial" none: the device says it.
    [[nodiscard]] std::optional<enrollment::SlotNumber> askingFor(const enrollment::SerialNumber& serial) const;
    /// Nothing is shown of the result in \p slot, which is over: whose device is in is asked in its place.
    [[nodiscard]] bool hidesResult(enrollment::SlotNumber slot) const;
    /// Pairing::target().
    [[nodiscard]] std::optional<enrollment::SlotNumber> target(std::optional<enrollment::SlotNumber> wanted) const;

    /// Binds a serial number to the slot that Pairing::place() or SerialInHand::place() finds, or takes it in hand. What
    /// is bound already and waits stays where it is: reading a label twice moves nothing. A serial number that waits in
    /// \p wanted gives way. Where nobody chose a slot, askingFor() did.
    ///
    /// A serial number that gets a slot is asked for by no other tile any more: what that shows is cleared.
    ///
    /// Only this call, acknowledge(), and a look() that gives a slot to a serial number, in hand or said by a device, clear a
    /// result.
    ///
    /// The device in a slot is doubted (SlotDevices) where it may be meant by another scan: it was in before the scan and,
    /// by the start rule "present", nobody chose its slot; a serial number gave way, or is in hand; or a scan was refused, or
    /// bound to a slot without a device or with one that is doubted, while one without a serial number was in; or one that is
    /// asked about is in another slot, or left one while the serial number waited, unless a person chose the slot; or since
    /// the scan a test lost its device, as far as its end tells; or it came after leaveAlone(). Where askingFor() chose the
    /// slot, somebody has to say that it is the device, whenever that comes.
    /// By "device-serial" the device says whose it is, so that a scan makes no other one doubtful.
    /// \par Errors   B-602 (the serial number runs, or waits in another slot than \p wanted), and those of place()
    Result<Binding> bind(const enrollment::SerialNumber& serial, std::optional<enrollment::SlotNumber> wanted,
                         Time now = {});

    /// Something was scanned that is no serial number, or none of this product.
    void scanRefused() { unsettle(); }

    /// Takes the serial number that waits in \p slot out of it, and returns it. None, and nothing changes, if none waits
    /// there. A device that is there is doubted.
    std::optional<enrollment::SerialNumber> takeBack(enrollment::SlotNumber slot);

    /// Clears the result that \p slot shows, because somebody dealt with it. False, and nothing changes, if it shows none
    /// that stays until then: a PASS gives way by itself.
    /// By "device-serial" the label of a device that is in is asked for from then on.
    /// \par Errors   B-612 (the device of the result may be in, and none was seen to come since)
    Result<bool> acknowledge(enrollment::SlotNumber slot);

    /// The serial number that waits for a device to appear.
    [[nodiscard]] const std::optional<enrollment::SerialNumber>& inHand() const noexcept { return m_hand.serial(); }
    void dropHand();
    /// SelfStart::changeHands(); and what one person stopped, the next one does not start again.
    void changeHands();
    /// Nobody who is known watches the slots from here on: as changeHands(), and dropHand(). What comes meanwhile is doubted,
    /// in a slot where a serial number waits as well as elsewhere, until a label is scanned.
    void leaveAlone();
    [[nodiscard]] Presence presence(enrollment::SlotNumber slot) const { return m_devices.presence(slot); }
    /// SlotDevices::doubted().
    [[nodiscard]] bool doubted(enrollment::SlotNumber slot) const { return m_devices.doubted(slot); }
    /// SlotDevices::questioned().
    [[nodiscard]] bool questioned(enrollment::SlotNumber slot) const { return m_devices.questioned(slot); }
    /// Something answers in \p slot, but not as a device does, for longer than one takes that starts: Look::unclear.
    [[nodiscard]] bool unclear(enrollment::SlotNumber slot) const { return m_unclear.contains(slot); }
    /// The slot shows a result, and its device is out for certain.
    [[nodiscard]] bool resultLeft(enrollment::SlotNumber slot) const
    {
        return senses() && showsResult(state(slot)) && !doubted(slot);
    }
    /// By "device-serial": AnnouncedSerials::saidIn().
    [[nodiscard]] std::optional<enrollment::SerialNumber> saidIn(enrollment::SlotNumber slot) const
    {
        return m_announced.saidIn(slot);
    }
    /// By "device-serial": AnnouncedSerials::unfitIn().
    [[nodiscard]] std::string unfitIn(enrollment::SlotNumber slot) const { return m_announced.unfitIn(slot); }
    /// By "device-serial": no scan of what the device in \p slot says is taken unless \p slot was chosen before (B-605,
    /// B-634).
    [[nodiscard]] bool asksForChoice(enrollment::SlotNumber slot) const;
    /// By "device-serial": no scan of what the device in \p slot says is taken, chosen or not, as long as another device says
    /// the same (B-633), or is tested as it (B-602).
    [[nodiscard]] bool contested(enrollment::SlotNumber slot) const;
    /// The slot holds a device that came, and nobody said yet which serial number it carries; by "device-serial" one of which
    /// that is not certain.
    [[nodiscard]] bool unnamed(enrollment::SlotNumber slot) const { return m_hand.unnamed(slot); }
    /// It does, and the next scan is of that device, although nobody chose the slot: by the start rule "scan", where no other
    /// device is asked about or awaited.
    [[nodiscard]] bool scanMeansDeviceIn(enrollment::SlotNumber slot) const;

    /// A serial number waits for a device, in hand or in a slot.
    [[nodiscard]] bool expectsDevice() const { return inHand() || mayAwaitDevice(m_states, m_devices); }

    /// Takes what a look at the slots found, and says what it brought about: what weighs most last, because a screen has
    /// room for one sentence.
    std::vector<SlotNews> look(const Look& look);

    /// What needs looks: a device that appears decides where a serial number goes, or what starts.
    [[nodiscard]] bool senses() const noexcept;
    /// The slots that are to be started now.
    [[nodiscard]] std::vector<enrollment::SlotNumber> due(Time now) const { return m_start.due(m_devices, now); }
    /// SelfStart::late().
    std::vector<enrollment::SerialNumber> late(Time now) { return m_start.late(m_states, inHand(), now); }
    /// How the test of the serial number that waits in \p slot starts.
    [[nodiscard]] StartBy startOf(enrollment::SlotNumber slot) const
    {
        return m_start.startOf(slot, m_devices, othersMayCome(slot));
    }
    /// The test in \p slot was stopped, and may be started again without a scan: as far as anybody knows its device is the
    /// one that is in. Not so when a label was scanned since the stop, taken or refused: that device may have its turn now;
    /// nor when somebody else works here since.
    [[nodiscard]] bool startsAgain(enrollment::SlotNumber slot) const;
    /// What waits for a start and whose device is doubted, or will be when it comes, or has not come as far as looks tell: who
    /// starts all does not mean these.
    [[nodiscard]] std::vector<enrollment::SlotNumber> leftOut() const;
    /// Looks find no device in \p slot, nor anything else that answers.
    [[nodiscard]] bool isSeenEmpty(enrollment::SlotNumber slot) const
    {
        return presence(slot) == Presence::Absent && !unclear(slot);
    }

    /// nextState() on one slot; events of slots that are not on this board change nothing.
    void apply(enrollment::SlotNumber slot, const SlotEvent& event);

    bool operator==(const SlotBoard&) const = default;

private:
    /// Whose choice the slot of a scan was.
    enum class Choice { None, Person, Tile };
    /// Nobody who is known is there from here on, until a look begins that does not doubt. By "device-serial" the label of a
    /// device is asked for that came, or says something else than before, in a slot where no such look was yet.
    void leaveUnwatched();
    [[nodiscard]] Result<std::optional<enrollment::SlotNumber>> place(const enrollment::SerialNumber& serial,
                                                                      std::optional<enrollment::SlotNumber> wanted);
    Result<Binding> take(const enrollment::SerialNumber& serial, std::optional<enrollment::SlotNumber> wanted,
                         Time now);
    /// What is shown: without what hidesResult().
    [[nodiscard]] SlotStates shownStates() const;
    /// No serial number waits for a device, but for what \p slot has or gets.
    [[nodiscard]] bool isAwaitedAlone(enrollment::SlotNumber slot) const;
    /// The serial number that waits in \p slot, of whatever device is there.
    Binding put(const enrollment::SerialNumber& serial, enrollment::SlotNumber slot, Choice choice, Time now);
    /// \p serial gets a slot: no other tile asks for its label any more.
    void stopAsking(const enrollment::SerialNumber& serial);
    void doubt(enrollment::SlotNumber slot);
    /// Of devices that nobody named the label that was scanned latest may be.
    void doubtUnnamed();
    /// The device of the label that was scanned latest has no slot: it may be in, or come next. No stopped test starts again.
    void unsettle();
    /// What is in or comes next may be another device than that of the label that was scanned latest.
    void doubtNext();
    /// The device that was in \p slot left before its run, and may come back anywhere.
    void lose(enrollment::SlotNumber slot, std::vector<SlotNews>& news);
    /// A device is in another slot than \p slot that is asked about: it may be the one. Not so of those that were in when a
    /// person chose \p slot.
    [[nodiscard]] bool hasUnnamedBeside(enrollment::SlotNumber slot) const;
    [[nodiscard]] std::set<enrollment::SlotNumber> unnamedSlots() const;
    /// The device that comes into \p slot may be that of another serial number, or its own may be elsewhere.
    [[nodiscard]] bool othersMayCome(enrollment::SlotNumber slot) const;
    /// A device that was asked about and that \p look misses may come next, into any slot.
    void loseUnnamed(const Look& look);
    /// Doubts what came of \p changes and may not be what its slot waits for. \p before: what was known before them.
    void doubtArrivals(const DeviceChanges& changes, const SlotDevices& before);
    /// What \p look and its \p changes mean to the serial number in hand and to devices without one.
    void settleHand(const Look& look, const DeviceChanges& changes, std::vector<SlotNews>& news);
    void noteUnclear(const Look& look, std::vector<SlotNews>& news);
    /// By "device-serial": doubts what came, or may have been exchanged, while nobody who is known was there.
    void doubtUnwatched(const Look& look, const DeviceChanges& changes);
    /// By "device-serial": what the devices say.
    void settleAnnounced(const Look& look, const DeviceChanges& changes, std::vector<SlotNews>& news);
    /// What follows from what a device says.
    void heed(const SlotNews& said);
    /// Which device a serial number means is concluded from what comes and goes: no device says it.
    [[nodiscard]] bool concludes() const noexcept;
    /// A device came into \p slot, while \p awaited waits for its own: it is in the wrong one, unless \p slot shows a result that
    /// may have asked for it.
    [[nodiscard]] SlotNews cameBeside(enrollment::SlotNumber slot, enrollment::SlotNumber awaited) const;
    /// By the other rules: what came where no serial number is, and where one waits for it.
    void askWhatCame(const DeviceChanges& changes, const SlotDevices& before, std::vector<SlotNews>& news);
    void follow();

    SlotStates m_states;
    Pairing m_pairing;
    SlotDevices m_devices;
    SerialInHand m_hand;
    AnnouncedSerials m_announced;
    SelfStart m_start;
    std::set<enrollment::SlotNumber>
        m_stopped; ///< where a test was to be stopped; no label was scanned since, and nobody left
    std::set<enrollment::SlotNumber> m_unclear;
    /// Slots that a person chose for what waits there, with those whose devices were asked about then.
    std::map<enrollment::SlotNumber, std::set<enrollment::SlotNumber>> m_chosenBeside;
    std::set<enrollment::SlotNumber> m_unwatched; ///< not looked at since somebody who is known is there
};

} // namespace enroll::station
