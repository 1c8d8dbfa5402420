#include "app/desktop/refusal_box.h"

#include "app/desktop/screen_language.h"
#include "core/base/text.h"
#include "ui/model/catalog_text.h"

namespace enroll::app::desktop {

RefusalBox::RefusalBox(const Error& error)
{
    setIcon(QMessageBox::Critical);
    setWindowTitle(productName());
    setText(tr("%1  %2", "code, headline").arg(ui::codeText(error.code), ui::headlineText(error)));
    setInformativeText(QString(ui::instructionText(error.code) + QLatin1String("\n\n") +
                               tr("Details for IT, in English:") + QLatin1Char('\n') +
                               QString::fromStdString(printableText(error.what))));
    // A button of our own: the text of Qt's is translated only if Qt's translations are installed.
    addButton(tr("Close"), QMessageBox::RejectRole);
}

} // namespace enroll::app::desktop
