#include "ui/run/scan_messages.h"

#include "core/base/scan_code.h"
#include "ui/model/catalog_text.h"
#include "ui/run/announced_messages.h"

#include <QCoreApplication>

#include <algorithm>

namespace enroll::ui {
namespace {

struct Bar {
    Q_DECLARE_TR_FUNCTIONS(ScanBar)
};

bool isOnlySlot(const station::SlotBoard& board)
{
    return board.slots().size() == 1;
}

/// Nothing goes anywhere before a person chose a slot.
bool asksForSlot(const station::SlotBoard& board)
{
    return board.rule() == enrollment::PairingRule::SlotThenSerial && !isOnlySlot(board);
}

QString startByKey(const station::SlotBoard& board)
{
    return isOnlySlot(board) ? Bar::tr("F4 starts its test.") : Bar::tr("F4 starts all ready slots.");
}

/// The device in \p slot may be another one than that of its serial.
QString isItThisDevice(enrollment::SlotNumber slot, const station::SlotBoard& board)
{
    if (board.presence(slot) == station::Presence::Absent) {
        return isOnlySlot(board) ? Bar::tr("Put its device in, then press F4.")
                                 : Bar::tr("Put its device in. Then F2, %1, F4.").arg(slot.value);
    }
    return isOnlySlot(board)
               ? Bar::tr("Compare its label. If it is this one: F4. Else take it out, and put this one in.")
               : Bar::tr("Compare its label. If it is this one: F2, %1, F4. Else take it out, and put this one in.")
                     .arg(slot.value);
}

/// What the hands do where the key for all slots does not start the test of \p slot.
std::optional<QString> nextWithoutKey(enrollment::SlotNumber slot, const station::SlotBoard& board)
{
    switch (board.startOf(slot)) {
    case station::StartBy::Answer:
        return isItThisDevice(slot, board);
    case station::StartBy::Label:
        return Bar::tr("Scan its label: that starts its test.");
    case station::StartBy::Itself:
        return board.presence(slot) == station::Presence::Present
                   ? Bar::tr("The device is in: its test starts by itself.")
                   : Bar::tr("Put the device in: its test starts by itself.");
    case station::StartBy::Key:
        break;
    }
    return std::nullopt;
}

bool waitsForDevices(const station::SlotBoard& board)
{
    return board.rule() == enrollment::PairingRule::Insert;
}

/// No serial is scanned before its device is in.
bool devicesSay(const station::SlotBoard& board)
{
    return board.rule() == enrollment::PairingRule::DeviceSerial;
}

std::optional<enrollment::SlotNumber> firstUnnamed(const station::SlotBoard& board)
{
    const auto slots = board.slots();
    const auto found = std::ranges::find_if(slots, [&](enrollment::SlotNumber slot) { return board.unnamed(slot); });
    return found == slots.end() ? std::nullopt : std::optional{*found};
}

/// The slot where the next serial goes, if its device is asked about.
std::optional<enrollment::SlotNumber> unnamedWithMark(const station::SlotBoard& board)
{
    const auto slot = isOnlySlot(board) ? firstUnnamed(board) : board.target({});
    return slot && board.unnamed(*slot) && !station::asksForScan(board.state(*slot)) ? slot : std::nullopt;
}

std::optional<enrollment::SlotNumber> slotThatSays(const enrollment::SerialNumber& serial,
                                                   const station::SlotBoard& board)
{
    const auto slots = board.slots();
    const auto found =
        std::ranges::find_if(slots, [&](enrollment::SlotNumber slot) { return board.saidIn(slot) == serial; });
    return found == slots.end() ? std::nullopt : std::optional{*found};
}

ScanMessage idleWithoutMark(const station::SlotBoard& board)
{
    if (board.inHand()) {
        return inHandMessage(*board.inHand(), board);
    }
    if (const auto slot = firstUnnamed(board)) {
        return whoseDevice(*slot, board);
    }
    return {ScanNews::Idle, Bar::tr("Scan or type a serial."), Bar::tr("Then put its device in.")};
}

ScanMessage idleForDevices(const station::SlotBoard& board)
{
    if (const auto slot = firstUnnamed(board)) {
        return whoItSays(*slot, board);
    }
    return {ScanNews::Idle, Bar::tr("Put a device in."), Bar::tr("It says its serial itself.")};
}

/// In which slot a serial number was tested last.
QString resultThere(const QString& serial, enrollment::SlotNumber slot, const station::SlotBoard& board)
{
    const auto text = std::holds_alternative<station::SlotUnknown>(board.state(slot))
                          ? Bar::tr("%1 was in slot %2 when the station stopped.")
                          : Bar::tr("%1 has its result in slot %2.");
    return text.arg(serial, QString::number(slot.value));
}

QString whereNextGoes(const station::SlotBoard& board)
{
    const auto* shown = std::get_if<station::SlotFinished>(&board.state(board.slots().front()));
    if (const auto again = isOnlySlot(board) && shown != nullptr ? scanAgain(shown->run, board) : std::nullopt) {
        return *again;
    }
    const auto next = board.target({});
    if (!next) {
        return Bar::tr("Every slot is busy or shows a result. F2 chooses one.");
    }
    return isOnlySlot(board) ? Bar::tr("Then put the device in.")
                             : Bar::tr("It goes to slot %1. F2 chooses another.").arg(next->value);
}

} // namespace

std::optional<QString> scanAgain(const enrollment::AttestationRun& run, const station::SlotBoard& board)
{
    return !devicesSay(board) && station::asksForScan(run)
               ? std::optional{instructionText(*knownIn(run.code), run.outcome.knownOr(Outcome::StationFault))}
               : std::nullopt;
}

ScanMessage whoseDevice(enrollment::SlotNumber slot, const station::SlotBoard& board)
{
    if (devicesSay(board)) {
        return whoItSays(slot, board);
    }
    return {ScanNews::WhoseDevice, Bar::tr("Which serial has the device in slot %1?").arg(slot.value),
            board.scanMeansDeviceIn(slot) ? Bar::tr("Scan or type the serial of the device that is in it.")
            : isOnlySlot(board)
                ? Bar::tr("Press F2 or scan the slot's label. Then scan the device's serial.")
                : Bar::tr("Scan the slot's label, or press F2 and its number. Then scan the device's serial."),
            slot};
}

ScanMessage idleMessage(const station::SlotBoard& board)
{
    if (waitsForDevices(board)) {
        return idleWithoutMark(board);
    }
    if (devicesSay(board)) {
        return idleForDevices(board);
    }
    if (asksForSlot(board)) {
        return {ScanNews::Idle, Bar::tr("Scan the label of a slot."),
                Bar::tr("Or press F2 and its number. Then scan or type the serial.")};
    }
    if (const auto slot = unnamedWithMark(board)) { // as its tile says
        auto whose = whoseDevice(*slot, board);
        whose.news = ScanNews::Idle;
        return whose;
    }
    return {ScanNews::Idle, Bar::tr("Scan or type a serial."), whereNextGoes(board)};
}

ScanMessage boundMessage(const station::Binding& binding, const QString& serial, const station::SlotBoard& board)
{
    if (!binding.slot) {
        return inHandMessage(enrollment::SerialNumber{serial.toStdString()}, board);
    }
    if (std::holds_alternative<station::SlotRunning>(board.state(*binding.slot))) {
        return startedItselfMessage(*binding.slot, board);
    }
    auto next = startOffer(*binding.slot, board);
    if (binding.gaveWay) {
        next =
            Bar::tr("%1 gave way and has no slot now. %2").arg(QString::fromStdString(binding.gaveWay->text()), next);
    }
    return {ScanNews::Ready,
            Bar::tr("Slot %1 is ready for %2.").arg(QString::number(binding.slot->value), serial),
            next,
            binding.slot,
            {},
            binding.gaveWay};
}

QString startOffer(enrollment::SlotNumber slot, const station::SlotBoard& board)
{
    auto next = isOnlySlot(board) ? Bar::tr("Put the device in. F4 starts its test.")
                                  : Bar::tr("Put the device in. F4 starts all ready slots.");
    if (board.presence(slot) == station::Presence::Present) {
        next = startByKey(board);
    }
    return nextWithoutKey(slot, board).value_or(next);
}

ScanMessage takenBackMessage(const enrollment::SerialNumber& serial, enrollment::SlotNumber slot)
{
    return {ScanNews::TakenBack,
            Bar::tr("%1 is out of slot %2.").arg(QString::fromStdString(serial.text()), QString::number(slot.value)),
            Bar::tr("To test its device, scan or type it again."), slot};
}

ScanMessage acknowledgedMessage(enrollment::SlotNumber slot, const station::SlotBoard& board)
{
    if (board.unnamed(slot)) { // another device is in already
        return whoseDevice(slot, board);
    }
    if (board.inHand()) {
        return inHandMessage(*board.inHand(), board);
    }
    return {ScanNews::Acknowledged, Bar::tr("Slot %1 is free again.").arg(slot.value),
            asksForSlot(board)       ? Bar::tr("Scan the label of the next slot, or press F2.")
            : devicesSay(board)      ? Bar::tr("Put the next device in.")
            : waitsForDevices(board) ? Bar::tr("Scan or type a serial, then put its device in.")
                                     : Bar::tr("Scan or type a serial. %1").arg(whereNextGoes(board)),
            slot};
}

ScanMessage forgottenMessage()
{
    return {ScanNews::Forgotten, Bar::tr("What the slots showed last is not known."),
            Bar::tr("Test again what is in them, and call maintenance.")};
}

ScanMessage leftOutMessage(enrollment::SlotNumber slot, const station::SlotBoard& board)
{
    return {ScanNews::LeftOut, Bar::tr("Slot %1 is not started.").arg(slot.value), startOffer(slot, board), slot};
}

ScanMessage choiceOverMessage(enrollment::SlotNumber slot, const station::SlotBoard& board)
{
    const auto next = board.target({});
    return {
        ScanNews::ChoiceOver, Bar::tr("Slot %1 is not chosen any more.").arg(slot.value),
        next ? Bar::tr("Its test is over. The next serial goes to slot %1, unless you choose again.").arg(next->value)
             : Bar::tr("Its test is over. Choose again: scan its label, or press F2 and its number."),
        slot};
}

ScanMessage inHandMessage(const enrollment::SerialNumber& serial, const station::SlotBoard& board)
{
    ScanMessage message{ScanNews::InHand, Bar::tr("%1 is in hand.").arg(QString::fromStdString(serial.text())),
                        Bar::tr("Put its device in. Esc drops the serial.")};
    if (const auto slot = firstUnnamed(board)) {
        message.next =
            Bar::tr("If slot %1 holds its device: choose that slot, and scan the serial again. Esc drops the serial.")
                .arg(slot->value);
        message.slot = slot;
    }
    return message;
}

namespace {

QString whyDropped(const QString& slot, const station::SlotBoard& board)
{
    if (devicesSay(board)) {
        return Bar::tr("Its device left slot %1 before its test. Put it in again.").arg(slot);
    }
    return board.inHand()
               ? Bar::tr("Its device left slot %1 before its test. Whose device comes next will be asked.").arg(slot)
               : Bar::tr("Its device left slot %1 before its test. Scan the serial again, then put the device in.")
                     .arg(slot);
}

/// The device in a slot says another serial than before, or none any more.
ScanMessage changedMessage(const station::SlotNews& news)
{
    const auto slot = QString::number(news.slot.value);
    const auto before = QString::fromStdString(news.serial->text());
    const auto headline =
        news.said ? Bar::tr("Slot %1 says %2 now, not %3.").arg(slot, QString::fromStdString(news.said->text()), before)
                  : Bar::tr("Slot %1 does not say %2 any more.").arg(slot, before);
    return {ScanNews::WhoseDevice, headline, Bar::tr("Take its device out, and put it in again."), news.slot};
}

ScanMessage troubleIn(enrollment::SlotNumber slot, ErrorCode code, const QString& headline)
{
    return {ScanNews::Refused, headline, Bar::tr("%1  %2").arg(codeText(code), instructionText(code)), slot, code};
}

ScanMessage saidTwiceMessage(const station::SlotNews& news)
{
    const auto other = news.other.value_or(news.slot);
    return troubleIn(news.slot, ScanCode::TwoDevicesSaySerial,
                     Bar::tr("Slots %1 and %2 both say %3.")
                         .arg(QString::number(std::min(news.slot, other).value),
                              QString::number(std::max(news.slot, other).value),
                              QString::fromStdString(news.serial->text())));
}

} // namespace

ScanMessage newsMessage(const station::SlotNews& news, const station::SlotBoard& board)
{
    using enum station::SlotNews::What;
    const auto serial = news.serial ? QString::fromStdString(news.serial->text()) : QString();
    const auto slot = QString::number(news.slot.value);
    switch (news.what) {
    case Bound:
        return {ScanNews::Ready, Bar::tr("Slot %1 has %2.").arg(slot, serial),
                board.startOf(news.slot) == station::StartBy::Label ? *nextWithoutKey(news.slot, board)
                                                                    : startByKey(board),
                news.slot};
    case Dropped:
        return {ScanNews::LostSlot, Bar::tr("%1 has no slot now.").arg(serial), whyDropped(slot, board), news.slot};
    case Changed:
        return changedMessage(news);
    case SaidTwice:
        return saidTwiceMessage(news);
    case Unclear:
        return troubleIn(news.slot, ScanCode::NoClearAnswer, headlineText(ScanCode::NoClearAnswer, slot));
    case Unnamed:
    case Silent:
    case Unconfirmed:
    case HasResult:
        break;
    case Misplaced:
        return {ScanNews::Misplaced,
                Bar::tr("Wrong slot: %1 waits in slot %2.")
                    .arg(serial, QString::number(news.other.value_or(news.slot).value)),
                Bar::tr("A device came into slot %1. Take it out, and put it in the other one.").arg(slot), news.slot};
    }
    return whoseDevice(news.slot, board);
}

ScanMessage startedItselfMessage(enrollment::SlotNumber slot, const station::SlotBoard& board)
{
    const auto serial = station::serialOf(board.state(slot));
    const auto text = serial ? QString::fromStdString(serial->text()) : QString();
    return startedMessage(Bar::tr("Slot %1 tests %2.").arg(QString::number(slot.value), text), board, slot);
}

ScanMessage startedMessage(const QString& headline, const station::SlotBoard& board,
                           std::optional<enrollment::SlotNumber> slot)
{
    using enum ScanNews;
    if (isOnlySlot(board)) {
        return {Started, Bar::tr("The test runs."), Bar::tr("Leave the device in. F7 stops the test."), slot};
    }
    if (const auto& serial = board.inHand()) {
        return {Started, headline,
                Bar::tr("%1 is in hand: put its device in.").arg(QString::fromStdString(serial->text())), slot};
    }
    return {Started, headline,
            asksForSlot(board)  ? Bar::tr("Scan the label of the next slot, or press F2.")
            : devicesSay(board) ? Bar::tr("Put the next device in.")
                                : Bar::tr("Scan or type the next serial."),
            slot};
}

ScanMessage refusalMessage(const Error& error, const station::SlotBoard& board, const QString& scanned)
{
    const enrollment::SerialNumber serial{error.subject};
    const auto subject = QString::fromStdString(error.subject);
    auto headline = headlineText(error);
    auto instruction = instructionText(error.code);
    auto holder = board.slotOf(serial);
    if (error.code == ScanCode::SerialAlreadyInSlot && holder) {
        headline = Bar::tr("%1 is already in slot %2.").arg(subject, QString::number(holder->value));
        const bool waits = std::holds_alternative<station::SlotReady>(board.state(*holder)) && !devicesSay(board);
        instruction = waits
                          ? Bar::tr("Its device belongs there. To take the serial out: F2, %1, F7.").arg(holder->value)
                          : instruction;
    }
    if (error.code == ScanCode::SerialHasResult) {
        holder = board.resultOf(serial);
        headline = holder ? resultThere(subject, *holder, board) : headline;
    }
    if (const auto saying = slotThatSays(serial, board)) {
        if (error.code == ScanCode::DeviceSaysOther && !scanned.isEmpty()) {
            holder = saying;
            headline = Bar::tr("Slot %1 says %2, not %3.").arg(QString::number(saying->value), subject, scanned);
        }
        if (error.code == ScanCode::SerialAlreadyInSlot && !holder) {
            holder = saying;
            headline = Bar::tr("Slot %1 says %2.").arg(QString::number(saying->value), subject);
        }
        const bool asks = error.code == ScanCode::SerialHasResult || error.code == ScanCode::OtherResultInSlot;
        if (asks && board.asksForChoice(*saying)) { // not of the slot that shows its result, where that is another one
            holder = saying;
            instruction =
                Bar::tr("Its label alone is not enough: scan the label of slot %1, then its own.").arg(saying->value);
        }
        if (error.code == ScanCode::TwoDevicesSaySerial) {
            holder = saying;
        }
    }
    return {ScanNews::Refused, headline, Bar::tr("%1  %2").arg(codeText(error.code), instruction), holder, error.code};
}

} // namespace enroll::ui
