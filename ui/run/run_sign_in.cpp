// What the Run screen does with badges.

#include "core/base/secret_bytes.h"
#include "ui/run/order_messages.h"
#include "ui/run/run_screen.h"
#include "ui/run/scan_messages.h"
#include "ui/run/sign_in_messages.h"

namespace enroll::ui {

void RunScreen::readBadge(std::string& code)
{
    m_scanBar->clearEntry(); // it opens doors: nobody else reads it
    const auto characters = std::as_writable_bytes(std::span{code});
    auto badge = SecretBytes::copyOf(characters);
    wipeMemory(characters);
    const auto begun = m_controller.readBadge(std::move(badge));
    tell(begun.ok() ? readingBadgeMessage() : refusalMessage(begun.error(), m_controller.board()));
}

void RunScreen::signOut()
{
    m_slotNumber.cancel();
    const auto person = m_controller.signOut();
    tell(signedOutMessage(person));
    m_scanBar->focusEntry();
}

void RunScreen::saySignedIn(const enrollment::Person& person)
{
    if (isEnabled()) {
        tell(signedInMessage(person, wanted()));
    }
}

void RunScreen::sayNoSignIn(const Error& error)
{
    if (isEnabled()) {
        tell(refusalMessage(error, m_controller.board()));
    }
}

ScanMessage RunScreen::wanted() const
{
    if (!m_controller.signIn().requireSomebody().ok()) {
        return operatorWantedMessage();
    }
    return m_controller.workOrder().requireOne().ok() ? idleMessage(m_controller.board()) : orderWantedMessage();
}

} // namespace enroll::ui
