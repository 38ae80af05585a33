"""The kinds of help as names: a type checker sees a misspelt one.

Written by `iscg-rules schema --python`. `kinds.CRIP == "crip"`; rules of your own
have kinds of their own: write their module likewise.
"""

from typing import Final, Literal

# fmt: off
OFFICERS_ON_DUTY: Final = "officers_on_duty"
EMERGENCY_POLICE: Final = "emergency_police"
EMERGENCY_TEXT: Final = "emergency_text"
EMERGENCY_MEDICAL: Final = "emergency_medical"
HOSPITAL_EMERGENCY: Final = "hospital_emergency"
EMERGENCY_SHELTER: Final = "emergency_shelter"
POLICE_ESCORT_TO_HOME: Final = "police_escort_to_home"
PROSECUTOR: Final = "prosecutor"
PREFECT: Final = "prefect"
CRIP: Final = "crip"
CHILD_HELPLINE: Final = "child_helpline"
POLICE_GENDARMERIE_COMPLAINT: Final = "police_gendarmerie_complaint"
BANK_CARD_BLOCK: Final = "bank_card_block"
OTHER_ISCG_POST: Final = "other_iscg_post"
SPECIALISED_DV_ASSOCIATION: Final = "specialised_dv_association"
FAMILY_COURT_JUDGE: Final = "family_court_judge"
CHILDREN_JUDGE: Final = "children_judge"
GUARDIANSHIP_JUDGE: Final = "guardianship_judge"
LAWYER: Final = "lawyer"
DEFENDER_OF_RIGHTS: Final = "defender_of_rights"
HOSPITAL_VIOLENCE_CONSULTATION: Final = "hospital_violence_consultation"
OCCUPATIONAL_DOCTOR: Final = "occupational_doctor"
FAMILY_PLANNING_CENTRE: Final = "family_planning_centre"
FORENSIC_UNIT: Final = "forensic_unit"
FORENSIC_UNIT_WITHOUT_COMPLAINT: Final = "forensic_unit_without_complaint"
CHILD_PSYCHIATRY_CONSULTATION: Final = "child_psychiatry_consultation"
PAEDIATRIC_SURGERY: Final = "paediatric_surgery"
MATERNAL_SUPPORT_SERVICE: Final = "maternal_support_service"
HEALTH_FOLLOWUP_VIGILANS: Final = "health_followup_vigilans"
ADDICTION_CARE_CSAPA: Final = "addiction_care_csapa"
ADDICTION_YOUTH_CONSULTATION: Final = "addiction_youth_consultation"
MENTAL_HEALTH_CENTRE: Final = "mental_health_centre"
PSYCHIATRIC_MOBILE_TEAM: Final = "psychiatric_mobile_team"
ADOLESCENTS_HOUSE: Final = "adolescents_house"
YOUTH_LISTENING_PLACE: Final = "youth_listening_place"
MENTAL_ILLNESS_FAMILIES_ASSOCIATION: Final = "mental_illness_families_association"
COUPLE_COUNSELLING: Final = "couple_counselling"
CHILD_PROTECTION_SERVICE: Final = "child_protection_service"
AUTONOMY_SERVICE: Final = "autonomy_service"
ADULT_PROTECTION_GUARDIAN: Final = "adult_protection_guardian"
HOUSING_SOLIDARITY_FUND: Final = "housing_solidarity_fund"
CHILD_HEARING_UNIT: Final = "child_hearing_unit"
DAY_CENTRE: Final = "day_centre"
FOOD_AID: Final = "food_aid"
SCHOOL_STAFF: Final = "school_staff"
TOWN_HALL: Final = "town_hall"
SOCIAL_LANDLORD: Final = "social_landlord"
LANDLORD: Final = "landlord"
BUDGET_ADVICE_POINT: Final = "budget_advice_point"
DEBT_COMMISSION: Final = "debt_commission"
ADIL: Final = "adil"
CAF_MSA: Final = "caf_msa"
LEGAL_AID_OFFICE: Final = "legal_aid_office"
COMPENSATION_COMMISSION: Final = "compensation_commission"
JUSTICE_CONCILIATOR: Final = "justice_conciliator"
PREFECTURE: Final = "prefecture"
LABOUR_INSPECTION: Final = "labour_inspection"
FAMILY_MEDIATION: Final = "family_mediation"
CONTACT_SPACE: Final = "contact_space"
RELOCATION_OUT_OF_TERRITORY: Final = "relocation_out_of_territory"
PERPETRATOR_PROGRAMME: Final = "perpetrator_programme"
PERPETRATOR_ACCOMMODATION: Final = "perpetrator_accommodation"
FORCED_MARRIAGE_ASSOCIATION: Final = "forced_marriage_association"
FGM_SPECIALISED_ASSOCIATION: Final = "fgm_specialised_association"
ANTI_TRAFFICKING_NETWORK: Final = "anti_trafficking_network"
LGBT_ASSOCIATION: Final = "lgbt_association"
YOUTH_EMPLOYMENT_MISSION: Final = "youth_employment_mission"
MISSING_CHILDREN_HELPLINE: Final = "missing_children_helpline"
SUICIDE_HELPLINE: Final = "suicide_helpline"
YOUTH_HEALTH_HELPLINE: Final = "youth_health_helpline"
ADDICTION_HELPLINE: Final = "addiction_helpline"
DV_HELPLINE: Final = "dv_helpline"
RAPE_HELPLINE: Final = "rape_helpline"
DISABILITY_VIOLENCE_HELPLINE: Final = "disability_violence_helpline"
PERPETRATOR_HELPLINE: Final = "perpetrator_helpline"
ADULT_ABUSE_HELPLINE: Final = "adult_abuse_helpline"
CYBER_HELPLINE: Final = "cyber_helpline"
RADICALISATION_HELPLINE: Final = "radicalisation_helpline"
RENT_ARREARS_HELPLINE: Final = "rent_arrears_helpline"
ILLEGAL_CONTENT_REPORTING: Final = "illegal_content_reporting"
FRAUD_HELPLINE: Final = "fraud_helpline"
CYBER_ASSISTANCE: Final = "cyber_assistance"
FARMERS_HELPLINE: Final = "farmers_helpline"
CARERS_HELPLINE: Final = "carers_helpline"
PARENTS_HELPLINE: Final = "parents_helpline"
GENERAL_PRACTITIONER: Final = "general_practitioner"
PSYCHOLOGICAL_SUPPORT: Final = "psychological_support"
WOMENS_RIGHTS_CENTER: Final = "womens_rights_center"
VICTIM_SUPPORT_ASSOCIATION: Final = "victim_support_association"
LEGAL_ACCESS_POINT: Final = "legal_access_point"
DEPARTMENTAL_SOCIAL_SERVICES: Final = "departmental_social_services"
MUNICIPAL_SOCIAL_SERVICES: Final = "municipal_social_services"
GRAVE_DANGER_PHONE: Final = "grave_danger_phone"
ANTI_APPROACH_BRACELET: Final = "anti_approach_bracelet"
TRAVEL_BAN: Final = "travel_ban"
SAFETY_PLAN: Final = "safety_plan"
SECURE_JOURNAL_MEMO_DE_VIE: Final = "secure_journal_memo_de_vie"
CYBER_EVIDENCE_GUIDE: Final = "cyber_evidence_guide"

Kinds = Literal[
    "officers_on_duty", "emergency_police", "emergency_text", "emergency_medical",
    "hospital_emergency", "emergency_shelter", "police_escort_to_home", "prosecutor", "prefect",
    "crip", "child_helpline", "police_gendarmerie_complaint", "bank_card_block",
    "other_iscg_post", "specialised_dv_association", "family_court_judge", "children_judge",
    "guardianship_judge", "lawyer", "defender_of_rights", "hospital_violence_consultation",
    "occupational_doctor", "family_planning_centre", "forensic_unit",
    "forensic_unit_without_complaint", "child_psychiatry_consultation", "paediatric_surgery",
    "maternal_support_service", "health_followup_vigilans", "addiction_care_csapa",
    "addiction_youth_consultation", "mental_health_centre", "psychiatric_mobile_team",
    "adolescents_house", "youth_listening_place", "mental_illness_families_association",
    "couple_counselling", "child_protection_service", "autonomy_service",
    "adult_protection_guardian", "housing_solidarity_fund", "child_hearing_unit", "day_centre",
    "food_aid", "school_staff", "town_hall", "social_landlord", "landlord",
    "budget_advice_point", "debt_commission", "adil", "caf_msa", "legal_aid_office",
    "compensation_commission", "justice_conciliator", "prefecture", "labour_inspection",
    "family_mediation", "contact_space", "relocation_out_of_territory", "perpetrator_programme",
    "perpetrator_accommodation", "forced_marriage_association", "fgm_specialised_association",
    "anti_trafficking_network", "lgbt_association", "youth_employment_mission",
    "missing_children_helpline", "suicide_helpline", "youth_health_helpline",
    "addiction_helpline", "dv_helpline", "rape_helpline", "disability_violence_helpline",
    "perpetrator_helpline", "adult_abuse_helpline", "cyber_helpline", "radicalisation_helpline",
    "rent_arrears_helpline", "illegal_content_reporting", "fraud_helpline", "cyber_assistance",
    "farmers_helpline", "carers_helpline", "parents_helpline", "general_practitioner",
    "psychological_support", "womens_rights_center", "victim_support_association",
    "legal_access_point", "departmental_social_services", "municipal_social_services",
    "grave_danger_phone", "anti_approach_bracelet", "travel_ban", "safety_plan",
    "secure_journal_memo_de_vie", "cyber_evidence_guide"
]
