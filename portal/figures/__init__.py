"""The pages of the national figures: `public` for everyone, `downloads` of their charts, `administration` of targets."""
