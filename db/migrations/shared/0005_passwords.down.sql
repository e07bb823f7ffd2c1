DROP FUNCTION authentication.password_of, authentication.rehash_password, authentication.change_password,
  authentication.request_password_reset, authentication.password_reset_of, authentication.reset_password,
  authentication.set_password, authentication.invitation_of, authentication.accept_invitation;
DROP TABLE authentication.password_resets, authentication.invitations;
