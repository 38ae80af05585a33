"""What may be transmitted to a partner, said for the worker."""

__all__ = ["SHARING_TEXTS"]

SHARING_TEXTS = {
    "fr": {
        "nothing": "Rien à transmettre : la personne reçoit l’information.",
        "agreed": "La personne est d’accord : transmettre seulement ce qui est utile.",
        "ask_first": "Demander d’abord l’accord de la personne avant de transmettre.",
        "contact_only": "La personne ne souhaite pas que l’on transmette : lui donner le contact, "
        "ne rien transmettre.",
        "inform": "Dire à la personne ce qui est transmis et à qui.",
        "without_agreement": "La loi permet de transmettre sans l’accord de la personne, "
        "dans la limite du nécessaire.",
    },
    "en": {
        "nothing": "Nothing to pass on: the person gets the information.",
        "agreed": "The person agrees: pass on only what is useful.",
        "ask_first": "Ask the person before passing anything on.",
        "contact_only": "The person does not want anything passed on: give them the contact, "
        "pass on nothing.",
        "inform": "Tell the person what is passed on and to whom.",
        "without_agreement": "The law allows passing on without the person’s agreement, "
        "no more than needed.",
    },
}
